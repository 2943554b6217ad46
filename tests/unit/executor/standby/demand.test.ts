// Tests how many standbys are wanted after any history of cold starts.

import { array, assert, integer, property } from 'fast-check';
import { expect, test } from 'vitest';
import { type Demand, NO_DEMAND, noteStart, wantedFor } from '../../../../src/executor/standby/demand.ts';

const idleMs = 60_000;
const after = (times: number[]): Demand =>
  times.toSorted((a, b) => a - b).reduce((demand, now) => noteStart({ demand, now, idleMs }), NO_DEMAND);
const times = array(integer({ min: 0, max: 10 * idleMs }), { minLength: 1, maxLength: 200 });

test('nobody wants any before there was a start', () => {
  expect(wantedFor({ demand: NO_DEMAND, now: 0, idleMs })).toBe(0);
});

test('starts at once are all wanted again', () => {
  assert(
    property(integer({ min: 1, max: 500 }), (count) => {
      expect(wantedFor({ demand: after(Array.from({ length: count }, () => 1_000)), now: 1_000, idleMs })).toBe(count);
    }),
  );
});

test('a start now and then wants one', () => {
  expect(wantedFor({ demand: after([0, 20_000, 40_000, 60_000]), now: 61_000, idleMs })).toBe(1);
});

test('there is one at least until the time is over, and none from then on', () => {
  assert(
    property(times, integer({ min: 0, max: 3 * idleMs }), (history, later) => {
      const now = Math.max(...history) + later;
      const wanted = wantedFor({ demand: after(history), now, idleMs });
      expect(wanted > 0).toBe(later < idleMs);
    }),
  );
});

test('never more than there were starts are wanted, and never more as time passes', () => {
  assert(
    property(times, integer({ min: 0, max: idleMs }), integer({ min: 0, max: idleMs }), (history, first, second) => {
      const demand = after(history);
      const [sooner, later] = [first, first + second].map((wait) =>
        wantedFor({ demand, now: demand.at + wait, idleMs }),
      ) as [number, number];
      expect(sooner).toBeLessThanOrEqual(history.length);
      expect(later).toBeLessThanOrEqual(sooner);
    }),
  );
});
