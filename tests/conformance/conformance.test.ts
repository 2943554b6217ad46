// Proves the suite by fakes: a correct one passes every wire case, and each faulty one fails those meant for it and no
// other.

import { test } from 'vitest';
import { wireCases } from './cases/all.ts';
import { RULES } from './check/universal.ts';
import { faults } from './fakes/faults/all.ts';
import type { Fault } from './fakes/faults/fault.ts';
import { type Result, runCases } from './run.ts';
import { inProcessTarget } from './targets/in-process.ts';

const quick = wireCases.filter(({ slow }) => slow !== true);
const light = quick.filter(({ heavy }) => heavy !== true);

test('a correct server passes every case', async ({ expect }) => {
  const run = await runCases({ target: inProcessTarget({ name: 'correct' }), cases: quick });
  expect(run.smoke).toBeUndefined();
  expect(run.results.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
  expect(run.results).toHaveLength(quick.length + RULES.length);
});

test.concurrent.for([...faults])(
  'a server that $name is caught',
  async ({ name, faults: replaced, caughtBy, heavy }, { expect }) => {
    const cases = heavy === true ? quick : light;
    const { smoke, results } = await runCases({ target: inProcessTarget({ name, faults: replaced }), cases });
    expect(smoke).toBeUndefined();
    expect(notPassed(results)).toEqual(named(caughtBy, results));
  },
);

test('each faulty server is wrong in a way of its own', ({ expect }) => {
  expect(new Set(faults.map(({ name }) => name)).size).toBe(faults.length);
  expect(faults.filter(({ caughtBy }) => caughtBy.length === 0)).toEqual([]);
});

function notPassed(results: readonly Result[]): string[] {
  return results.filter(({ outcome }) => outcome !== 'pass').map(({ name }) => name);
}

/** In the order of the results. */
function named(caughtBy: Fault['caughtBy'], results: readonly Result[]): string[] {
  const unknown = caughtBy.filter((pattern) => !results.some(({ name }) => matches(pattern, name)));
  const expected = results.map(({ name }) => name).filter((name) => caughtBy.some((pattern) => matches(pattern, name)));
  return [...expected, ...unknown];
}

function matches(pattern: string, name: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
