// What callers see of a function whose process ends, under each restart policy: the call under which it ended is told
// so, and the next ones are answered as soon as it is up again.

import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { type ExecutorProcess, executorProcess } from '../support/executor-process.ts';
import { ODD, pack, request } from '../support/tenant.ts';

let executor: ExecutorProcess;

beforeAll(async () => {
  executor = await executorProcess();
  await pack({ executor, fixture: 'odd' });
});
afterEach(async () => void (await executor.call({ method: 'DELETE', path: '/v1/runtimes/odd' })));
afterAll(() => executor?.[Symbol.asyncDispose]());

type Policy = 'no' | 'always' | 'on-failure' | 'unless-stopped';
interface Seen {
  status: number;
  [key: string]: unknown;
}

async function seen(answer: Promise<Response>): Promise<Seen> {
  const response = await answer;
  const text = await response.text();
  return { status: response.status, ...(text.startsWith('{') ? (JSON.parse(text) as object) : { body: text }) };
}

const execution = (policy: Policy) => (path: string) =>
  seen(request({ executor, id: 'odd', ...ODD, path, restartPolicy: policy }));
const gateway = () => (path: string) => seen(executor.call({ path: `/functions/odd${path}` }));

const ANSWERED = { execution: { status: 200, statusCode: 200, body: 'ok' }, gateway: { status: 200, body: 'ok' } };

test.each<{ policy: Policy; code: number }>([
  { policy: 'no', code: 3 },
  { policy: 'always', code: 0 },
  { policy: 'always', code: 3 },
  { policy: 'on-failure', code: 0 },
  { policy: 'on-failure', code: 3 },
  { policy: 'unless-stopped', code: 3 },
])('executions of a function with the policy $policy that exits with $code', async ({ policy, code }) => {
  const call = execution(policy);
  expect(await call('/')).toMatchObject(ANSWERED.execution);
  // Docker waits longer before each restart, so that the second one finds it still away.
  for (const time of ['first', 'second'])
    expect([time, await call(`/exit/${code}`)]).toMatchObject([
      time,
      { status: 200, statusCode: 500, body: '', errors: `The runtime has ended with exit code ${code}.\n` },
    ]);
  const next = await Promise.all([call('/'), call('/'), call('/')]);
  expect(next).toMatchObject([ANSWERED.execution, ANSWERED.execution, ANSWERED.execution]);
});

test.each<{ policy: Policy; code: number }>([
  { policy: 'always', code: 0 },
  { policy: 'on-failure', code: 3 },
  { policy: 'unless-stopped', code: 3 },
])('calls of a function with the policy $policy that exits with $code, at the gateway', async ({ policy, code }) => {
  expect(await execution(policy)('/')).toMatchObject(ANSWERED.execution);
  const call = gateway();
  for (const time of ['first', 'second'])
    expect([time, await call(`/exit/${code}`)]).toMatchObject([
      time,
      { status: 502, type: 'execution_failed', message: expect.stringContaining(`ended with exit code ${code}`) },
    ]);
  const next = await Promise.all([call('/'), call('/'), call('/')]);
  expect(next).toMatchObject([ANSWERED.gateway, ANSWERED.gateway, ANSWERED.gateway]);
});

test('a function that its policy brings back is no other one: what was created once is created once', async () => {
  const created = { ...ODD, runtimeId: 'odd', image: executor.image, restartPolicy: 'always' };
  const creation = await executor.call({ method: 'POST', path: '/v1/runtimes', body: created });
  expect(creation.status).toBe(201);
  const list = async () => (await (await executor.call({ path: '/v1/runtimes/odd' })).json()) as { created: number };
  const before = await list();
  await gateway()('/exit/1');
  expect(await gateway()('/')).toMatchObject(ANSWERED.gateway);
  expect((await list()).created).toBe(before.created);
});
