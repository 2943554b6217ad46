// Tests how the room for standbys is shared out, whatever is wanted.

import { type Arbitrary, assert, integer, property, record, string, uniqueArray } from 'fast-check';
import { expect, test } from 'vitest';
import { fairShares, type Wish } from '../../../../src/executor/standby/fair-share.ts';

const wishes: Arbitrary<Wish[]> = uniqueArray(
  record({ key: string(), wanted: integer({ min: 1, max: 20 }), memory: integer({ min: 16, max: 2048 }) }),
  {
    selector: ({ key }) => key,
    maxLength: 12,
  },
);
const room = record({ most: integer({ min: 0, max: 40 }), memory: integer({ min: 0, max: 16_384 }) });

test('nobody gets more than it wants, and all together no more than there is room for', () => {
  assert(
    property(wishes, room, (wanting, limits) => {
      const given = fairShares({ wishes: wanting, room: limits });
      const counts = wanting.map(({ key, wanted, memory }) => ({ count: given.get(key) ?? 0, wanted, memory }));
      expect(counts.filter(({ count, wanted }) => count > wanted)).toEqual([]);
      expect(counts.reduce((sum, { count }) => sum + count, 0)).toBeLessThanOrEqual(limits.most);
      expect(counts.reduce((sum, { count, memory }) => sum + count * memory, 0)).toBeLessThanOrEqual(limits.memory);
    }),
  );
});

test('room is left only when nobody who wants more fits into it', () => {
  assert(
    property(wishes, room, (wanting, limits) => {
      const given = fairShares({ wishes: wanting, room: limits });
      const count = [...given.values()].reduce((sum, value) => sum + value, 0);
      const memory = wanting.reduce((sum, wish) => sum + (given.get(wish.key) ?? 0) * wish.memory, 0);
      const fitting = wanting.filter(
        (wish) => (given.get(wish.key) ?? 0) < wish.wanted && memory + wish.memory <= limits.memory,
      );
      expect(count === Math.floor(limits.most) || fitting.length === 0).toBe(true);
    }),
  );
});

test.each([
  { what: 'nobody goes without while another has many', wanted: [10, 1, 1], most: 4, given: [2, 1, 1] },
  { what: 'who wants twice as many gets twice as many', wanted: [8, 4], most: 6, given: [4, 2] },
  { what: 'no room is none for all', wanted: [3], most: 0, given: [0] },
])('$what', ({ wanted, most, given }) => {
  const wanting = wanted.map((count, index) => ({ key: String(index), wanted: count, memory: 1 }));
  expect([...fairShares({ wishes: wanting, room: { most, memory: 1_000 } }).values()]).toEqual(given);
});
