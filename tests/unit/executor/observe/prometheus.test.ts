// Tests what Prometheus is told of an executor.

import { afterEach, beforeEach, expect, test } from 'vitest';
import type { MemoryImage } from '../../../../src/adapters/memory.ts';
import { METRICS } from '../../../../src/executor/observe/metrics.ts';
import { type Prometheus, servePrometheus } from '../../../../src/executor/observe/prometheus.ts';
import { IMAGE, type MemoryExecutor, memoryExecutor, SECRET, WARM_IMAGE } from '../../../support/memory-executor.ts';

/** A start that finds no recipe for a standby, so that none is made. */
const special = { runtimeEntrypoint: 'own command' };

let prometheus: Prometheus;
let executor: MemoryExecutor;

beforeEach(async () => {
  prometheus = await servePrometheus({ host: '127.0.0.1', port: 0 });
  executor = await memoryExecutor({ standbyMax: 4 }, { meter: prometheus.meter });
});
afterEach(async () => {
  await executor[Symbol.asyncDispose]();
  await prometheus[Symbol.asyncDispose]();
});

const scrape = (path = '/metrics') => fetch(`http://127.0.0.1:${prometheus.port}${path}`);

/** The values whose names begin so. */
async function values(prefix: string): Promise<Record<string, number>> {
  const lines = (await (await scrape()).text()).split('\n').filter((line) => line.startsWith(prefix));
  return Object.fromEntries(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

function executes({
  id,
  path = '/',
  image = IMAGE,
  more = special,
}: {
  id: string;
  path?: string;
  image?: string;
  more?: object;
}): Promise<Response> {
  return executor.call({
    method: 'POST',
    path: `/v1/runtimes/${id}/executions`,
    body: { image, source: 'code.tar.gz', path, timeout: 1, ...more },
  });
}

test('starts are counted by their kind, and timed', async () => {
  const began = performance.now();
  await executes({ id: 'first', image: WARM_IMAGE, more: {} });
  await expect.poll(() => executor.waiting()).toBe(1);
  expect(await values('opr_executor_instances{state="standby"}')).toEqual({
    'opr_executor_instances{state="standby"}': 1,
  });
  await executes({ id: 'second', image: WARM_IMAGE, more: {} });
  expect(await values('opr_executor_cold_start_seconds_count')).toEqual({
    'opr_executor_cold_start_seconds_count{kind="scratch"}': 1,
    'opr_executor_cold_start_seconds_count{kind="warm-standby"}': 1,
  });
  const { 'opr_executor_cold_start_seconds_sum{kind="scratch"}': seconds } = await values(
    'opr_executor_cold_start_seconds_sum',
  );
  expect(seconds).toBeGreaterThanOrEqual(0);
  // What it took is a part of what this test took.
  expect((seconds ?? Infinity) * 1_000).toBeLessThanOrEqual(performance.now() - began);
  expect((await values('opr_executor_readiness_seconds_count'))['opr_executor_readiness_seconds_count']).toBe(1);
  await expect.poll(() => executor.waiting()).toBe(2);
});

test('executions are counted by way and by the function’s status, those without an answer as well', async () => {
  await executes({ id: 'a' });
  await executes({ id: 'a' });
  await executes({ id: 'a', path: '/never' });
  await executor.call({ method: 'POST', path: '/v1/runtimes/b', body: {} });
  await executes({ id: 'a' });
  await (await fetch(`${executor.url}/functions/a/`)).text();
  await (await fetch(`${executor.url}/functions/nobody/`)).text();
  expect(await values('opr_executor_execution_seconds_count')).toEqual({
    'opr_executor_execution_seconds_count{via="execution",status="2xx"}': 3,
    'opr_executor_execution_seconds_count{via="execution",status="none"}': 1,
    'opr_executor_execution_seconds_count{via="gateway",status="2xx"}': 1,
    'opr_executor_execution_seconds_count{via="gateway",status="none"}': 1,
  });
});

test('errors are counted by their type, each once', async () => {
  await fetch(`${executor.url}/v1/runtimes`);
  await executor.call({ path: '/v1/runtimes/nobody' });
  await (await fetch(`${executor.url}/functions/nobody/`)).text();
  expect(await values('opr_executor_errors_total')).toEqual({
    'opr_executor_errors_total{type="general_unauthorized"}': 1,
    'opr_executor_errors_total{type="runtime_not_found"}': 2,
  });
});

test('builds are counted by their result', async () => {
  const exitCodes = [1, 0];
  const { serve } = executor.orchestrator.images[IMAGE] as MemoryImage;
  executor.orchestrator.images[IMAGE] = {
    serve,
    run: async () => ({ exitCode: exitCodes.shift() ?? 0, output: Buffer.alloc(0), truncated: false }),
  };
  for (const runtimeId of ['failing', 'good'])
    await executor.call({
      method: 'POST',
      path: '/v1/runtimes',
      body: { image: IMAGE, command: 'build', remove: true, runtimeId },
    });
  expect(await values('opr_executor_build_seconds_count')).toEqual({
    'opr_executor_build_seconds_count{result="failed"}': 1,
    'opr_executor_build_seconds_count{result="ok"}': 1,
  });
});

test('levels are those of the moment', async () => {
  const [asked, held] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const image = executor.orchestrator.images[IMAGE] as MemoryImage;
  const serve: MemoryImage['serve'] = () => async (request, response) => {
    if (request.url === '/held') {
      asked.resolve();
      await held.promise;
    }
    response.end();
  };
  executor.orchestrator.images[IMAGE] = { ...image, serve };
  await executes({ id: 'a' });
  const slow = executes({ id: 'a', path: '/held', more: { ...special, timeout: 60 } });
  await asked.promise;
  expect(await values('opr_executor_in_flight')).toEqual({ opr_executor_in_flight: 1 });
  held.resolve();
  await slow;
  expect(await values('opr_executor_in_flight')).toEqual({ opr_executor_in_flight: 0 });
  expect(await values('opr_executor_instances')).toMatchObject({
    'opr_executor_instances{state="running"}': 1,
    'opr_executor_instances{state="starting"}': 0,
  });
  expect(await values('opr_executor_capacity')).toEqual({ opr_executor_capacity: 10 });
  const reasons = ['function', 'replica', 'cold-start', 'capacity', 'engine'];
  const none = Object.fromEntries(reasons.map((reason) => [`opr_executor_queue{reason="${reason}"}`, 0]));
  expect(await values('opr_executor_queue')).toEqual(none);
});

test('every metric that is described is there, and no secret', async () => {
  await executes({ id: 'a' });
  const response = await scrape();
  const text = await response.text();
  expect(Object.values(METRICS).filter(({ name, type }) => !text.includes(`# TYPE ${name} ${type}\n`))).toEqual([]);
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4');
  expect(text).not.toContain(SECRET);
  expect(text).toContain('process_resident_memory_bytes');
});

test('there is nothing beside the metrics', async () => {
  expect((await scrape('/')).status).toBe(404);
  expect((await scrape('/metrics?x')).status).toBe(200);
});
