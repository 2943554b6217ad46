// Tests who is let in at once, who waits and who is refused.

import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { ExecutorError } from '../../../../src/executor/errors.ts';
import { createLimits } from '../../../../src/executor/admission/limits.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function entrant() {
  return { admitted: vi.fn<() => void>(), refused: vi.fn<(error: ExecutorError) => void>() };
}

const settings = { perFunction: 2, waiting: 1, total: 5, waitMs: 1_000 };

test('as many as may are let in, the next one waits, and one more is refused', () => {
  const limits = createLimits(settings);
  const [one, two, three] = [entrant(), entrant(), entrant()];
  for (const each of [one, two, three]) limits.enter({ name: 'a', entrant: each });
  expect([one, two, three].map(({ admitted }) => admitted.mock.calls.length)).toEqual([1, 1, 0]);
  expect(() => limits.enter({ name: 'a', entrant: entrant() })).toThrow(ExecutorError);
});

test('who waits gets the place of who leaves', () => {
  const limits = createLimits({ ...settings, perFunction: 1, waiting: 2 });
  const [one, two, three] = [entrant(), entrant(), entrant()];
  for (const each of [one, two, three]) limits.enter({ name: 'a', entrant: each });
  limits.leave('a');
  expect([two.admitted.mock.calls.length, three.admitted.mock.calls.length]).toEqual([1, 0]);
  limits.leave('a');
  limits.leave('a');
  expect([limits.inFlight, limits.waiting]).toEqual([0, 0]);
});

test('who has waited too long is told so, and gets no place any more', () => {
  const limits = createLimits({ ...settings, perFunction: 1 });
  const late = entrant();
  limits.enter({ name: 'a', entrant: entrant() });
  limits.enter({ name: 'a', entrant: late });
  vi.advanceTimersByTime(1_000);
  limits.leave('a');
  expect([late.refused.mock.calls.length, late.admitted.mock.calls.length, limits.inFlight]).toEqual([1, 0, 0]);
});

test('who has given up is passed over', () => {
  const limits = createLimits({ ...settings, perFunction: 1, waiting: 2 });
  const [gone, next] = [entrant(), entrant()];
  limits.enter({ name: 'a', entrant: entrant() });
  limits.enter({ name: 'a', entrant: gone });
  limits.enter({ name: 'a', entrant: next });
  limits.giveUp({ name: 'a', entrant: gone });
  limits.leave('a');
  expect([gone.admitted.mock.calls.length, next.admitted.mock.calls.length]).toEqual([0, 1]);
});

test('one function cannot take the places of another, but all together have a limit', () => {
  const limits = createLimits(settings);
  for (const name of ['a', 'a', 'a', 'b', 'b']) limits.enter({ name, entrant: entrant() });
  expect(() => limits.enter({ name: 'c', entrant: entrant() })).toThrow(/More calls are under way/);
});
