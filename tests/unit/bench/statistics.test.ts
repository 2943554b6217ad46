// Tests how rounds are condensed to a few numbers.

import { expect, test } from 'vitest';
import { spread } from '../../bench/statistics.ts';

test.each([
  [[3], { lowest: 3, median: 3, highest: 3 }],
  [[10, 9, 1], { lowest: 1, median: 9, highest: 10 }],
  [[4, 1, 3, 2], { lowest: 1, median: 2.5, highest: 4 }],
  [[0, -1], { lowest: -1, median: -0.5, highest: 0 }],
])('the spread of %j', (values, expected) => {
  expect(spread(values)).toEqual(expected);
});

test('there is no spread of nothing', () => {
  expect(() => spread([])).toThrow(RangeError);
});
