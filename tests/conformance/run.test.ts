// How results come about: smoke, exceptions, abilities and the suite's own trouble.

import { test } from 'vitest';
import type { Case, WireCase } from './case.ts';
import { renderRun } from './report.ts';
import { runCases } from './run.ts';
import { inProcessTarget } from './targets/in-process.ts';
import { BuildFailed, StartFailed, type Target } from './targets/target.ts';

const right: WireCase = { name: 'right', covers: 'Text', send: {}, expect: { body: 'ready' } };
const wrong: WireCase = { name: 'wrong', covers: 'Text', send: {}, expect: { body: 'something else' } };
const broken: WireCase = {
  name: 'broken',
  covers: 'Syntax errors',
  mayFailBuild: true,
  setup: { fixture: 'syntax-error' },
  send: {},
  expect: { status: 503 },
};

const correct = inProcessTarget({ name: 'correct' });
const unable: Target = { ...correct, abilities: new Set() };
const excused: Target = {
  ...correct,
  exceptions: [right, wrong].map(({ name }) => ({ case: name, reason: 'this language cannot do it' })),
};
const failing = (error: Error, compiles: boolean): Target => ({
  ...correct,
  compiles,
  start: async (setup) => {
    if (setup.fixture === undefined) return correct.start(setup);
    throw error;
  },
});
const building = (compiles: boolean): Target =>
  failing(new BuildFailed({ exitCode: 1, output: 'does not parse' }), compiles);
const starting = ({ exitCode, compiles }: { exitCode: number; compiles: boolean }): Target =>
  failing(new StartFailed({ exitCode, output: 'does not load' }), compiles);
const troubled: Target = {
  ...correct,
  start: (setup) => (setup.fixture === undefined ? correct.start(setup) : Promise.reject(new Error('no disk left'))),
};
const absent = inProcessTarget({
  name: 'absent',
  faults: { text: () => ({ body: 'not ready', statusCode: 200, headers: {} }) },
});

async function outcomes(target: Target, cases: readonly Case[]): Promise<Record<string, string>> {
  const { results } = await runCases({ target, cases });
  const asked = results.filter(({ name }) => cases.some((one) => one.name === name));
  return Object.fromEntries(asked.map(({ name, outcome }) => [name, outcome]));
}

test.for<{ name: string; target: Target; one: Case; outcome: string }>([
  { name: 'a case that holds passes', target: correct, one: right, outcome: 'pass' },
  { name: 'a case that does not hold fails', target: correct, one: wrong, outcome: 'fail' },
  { name: 'a failure that the manifest explains is exempt', target: excused, one: wrong, outcome: 'exempt' },
  { name: 'a case that passes in spite of its exception fails', target: excused, one: right, outcome: 'fail' },
  { name: 'a case that the target cannot be asked is exempt', target: unable, one: broken, outcome: 'exempt' },
  { name: 'a build that fails fails the cases of a script', target: building(false), one: broken, outcome: 'fail' },
  {
    name: 'a build that fails passes the cases of bad code that is compiled',
    target: building(true),
    one: broken,
    outcome: 'pass',
  },
  {
    name: 'a start that fails is the suite’s own trouble for a script',
    target: starting({ exitCode: 1, compiles: false }),
    one: broken,
    outcome: 'error',
  },
  {
    name: 'a start that fails passes the cases of bad code that is compiled',
    target: starting({ exitCode: 2, compiles: true }),
    one: broken,
    outcome: 'pass',
  },
  {
    name: 'a start that ends as if all were well passes nothing',
    target: starting({ exitCode: 0, compiles: true }),
    one: broken,
    outcome: 'error',
  },
  {
    name: 'a server that cannot be started is the suite’s own trouble',
    target: troubled,
    one: broken,
    outcome: 'error',
  },
])('$name', async ({ target, one, outcome }, { expect }) => {
  expect(await outcomes(target, [one])).toEqual({ [one.name]: outcome });
});

test('nothing is tried on a server that does not speak', async ({ expect }) => {
  const run = await runCases({ target: absent, cases: [right, wrong] });
  expect(run.results).toEqual([]);
  expect(run.smoke?.outcome).toBe('fail');
});

test('a report shows the request, the clause, what was expected and what came', async ({ expect }) => {
  const report = renderRun(await runCases({ target: correct, cases: [right, wrong] }), [
    { title: '5. The response', clauses: ['Text'] },
  ]);
  expect(report).toMatch(/5\. The response +1 +· +1 +·\n/);
  expect(report).toContain('FAIL wrong');
  expect(report).toContain('body (docs/contract.md, Text)');
  expect(report).toContain('expected  "something else"');
  expect(report).toContain('got       "ready"');
  expect(report).toMatch(/curl -i .* http:\/\/127\.0\.0\.1:\d+\//);
});
