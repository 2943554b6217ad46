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
const brief = quick.filter(({ aside }) => aside !== true);
const light = brief.filter(({ heavy }) => heavy !== true);

// Some cases wait for long, and all faulty servers are asked at the same time.
const LONGEST_MS = 900_000;

// By itself, so that what it fails is its own.
test('a correct server passes every case', { timeout: LONGEST_MS }, async ({ expect }) => {
  const run = await runCases({ target: inProcessTarget({ name: 'correct' }), cases: quick });
  expect(run.smoke).toBeUndefined();
  expect(run.results.filter(({ outcome }) => outcome !== 'pass')).toEqual([]);
  expect(run.results).toHaveLength(quick.length + RULES.length);
});

test.concurrent.for([...faults])(
  'a server that $name is caught',
  { timeout: LONGEST_MS },
  async ({ name, faults: replaced, caughtBy, heavy }, { expect }) => {
    // Cases that last long are asked only of those that must fail them.
    const lasting = quick.filter((one) => one.aside === true && caughtBy.includes(one.name));
    const cases = [...(heavy === true ? brief : light), ...lasting];
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
