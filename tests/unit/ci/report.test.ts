// Tests how results are counted.

import { expect, test } from 'vitest';
import { type ConformanceRun, countConformance, countVitest, countWhole, sum, summary } from '../../../ci/report.ts';

type Outcome = ConformanceRun['results'][number];

const report = { numPassedTests: 3, numFailedTests: 0, numPendingTests: 1, numTodoTests: 0, success: true };

test.each([
  ['tests', report, { passed: 3, failed: 0, skipped: 1 }],
  ['failed tests', { ...report, numFailedTests: 2, success: false }, { passed: 3, failed: 2, skipped: 1 }],
  ['a file that cannot be loaded', { ...report, success: false }, { passed: 3, failed: 1, skipped: 1 }],
])('%s are counted', (_what, given, count) => {
  expect(countVitest(given)).toEqual(count);
});

test.each([
  [
    'outcomes',
    { results: ['pass', 'pass', 'fail', 'error', 'exempt'].map((outcome) => ({ outcome }) as Outcome) },
    { passed: 2, failed: 2, skipped: 1 },
  ],
  ['a target that does not speak', { results: [], smoke: {} }, { passed: 0, failed: 1, skipped: 0 }],
])('%s of the conformance suite are counted', (_what, given, count) => {
  expect(countConformance(given)).toEqual(count);
});

test('the summary adds everything up', () => {
  expect(summary(sum([countWhole(true), countWhole(false), countVitest(report)]))).toBe('4 passed, 1 failed');
  expect(summary(sum([]))).toBe('0 passed, 0 failed');
});
