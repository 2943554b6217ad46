// The proof that the suite catches faulty servers: each fails those cases that are meant for it, and no other. It is
// shared out among files, which run beside each other.

import { test } from 'vitest';
import { wireCases } from './cases/all.ts';
import { faults } from './fakes/faults/all.ts';
import type { Fault } from './fakes/faults/fault.ts';
import { type Result, runCases } from './run.ts';
import { inProcessTarget } from './targets/in-process.ts';

/** All but what takes minutes. */
export const quick = wireCases.filter(({ slow }) => slow !== true);
const brief = quick.filter(({ aside }) => aside !== true);
const light = brief.filter(({ heavy }) => heavy !== true);

/** Some cases wait for long, and several servers are asked at the same time. */
export const LONGEST_MS = 900_000;

/** Every so manieth faulty server, from the one with this index. */
export function proveFaults({ from, every }: { from: number; every: number }): void {
  const mine = faults.filter((_, index) => index % every === from);
  test.concurrent.for(mine)(
    'a server that $name is caught',
    { timeout: LONGEST_MS },
    async ({ name, faults: replaced, caughtBy, sometimes = [], heavy }, { expect }) => {
      // Cases that last long are asked only of those that must fail them.
      const lasting = quick.filter((one) => one.aside === true && caughtBy.includes(one.name));
      const cases = [...(heavy === true ? brief : light), ...lasting];
      const { smoke, results: all } = await runCases({ target: inProcessTarget({ name, faults: replaced }), cases });
      const results = all.filter((result) => !sometimes.includes(result.name));
      expect(smoke).toBeUndefined();
      expect(notPassed(results)).toEqual(named(caughtBy, results));
    },
  );
}

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
