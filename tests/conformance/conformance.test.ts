// Proves the suite by fakes: a correct one passes every wire case, and each faulty one fails those meant for it and no
// other. The other half of the faulty ones is in faults.test.ts.

import { test } from 'vitest';
import { RULES } from './check/universal.ts';
import { faults } from './fakes/faults/all.ts';
import { LONGEST_MS, proveFaults, quick } from './proof.ts';
import { runCases } from './run.ts';
import { inProcessTarget } from './targets/in-process.ts';

// By itself, so that what it fails is its own.
test('a correct server passes every case', { timeout: LONGEST_MS }, async ({ expect }) => {
  const run = await runCases({ target: inProcessTarget({ name: 'correct' }), cases: quick });
  expect(run.smoke).toBeUndefined();
  expect(run.results.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
  expect(run.results).toHaveLength(quick.length + RULES.length);
});

proveFaults({ from: 0, every: 2 });

test('each faulty server is wrong in a way of its own', ({ expect }) => {
  expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
  expect(faults.filter(({ caughtBy }) => caughtBy.length === 0)).toEqual([]);
});
