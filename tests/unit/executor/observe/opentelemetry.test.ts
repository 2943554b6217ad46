// Tests the traces of an executor, as a collector gets them.

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type OpenTelemetry, openTelemetry } from '../../../../src/executor/observe/opentelemetry.ts';
import { IMAGE, type MemoryExecutor, memoryExecutor } from '../../../support/memory-executor.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLER = 'b7ad6b7169203331';

interface ReceivedSpan {
  name: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  kind: number;
  status: { code?: number; message?: string };
  attributes: { key: string; value: Record<string, unknown> }[];
}

interface Export {
  resourceSpans: { resource: object; scopeSpans: { spans: ReceivedSpan[] }[] }[];
}

let received: ReceivedSpan[];
let resources: string;
let collector: Server;
let telemetry: OpenTelemetry;
let executor: MemoryExecutor;

beforeEach(async () => {
  received = [];
  collector = createServer(async (request, response) => {
    const { resourceSpans: batches } = JSON.parse((await request.toArray()).join('')) as Export;
    resources = JSON.stringify([request.url, batches.map(({ resource }) => resource)]);
    received.push(...batches.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  telemetry = openTelemetry({
    url: `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/traces`,
    service: 'unit',
    version: '1',
  });
  executor = await memoryExecutor({}, { tracer: telemetry.tracer });
});
afterEach(async () => {
  await executor[Symbol.asyncDispose]();
  await telemetry[Symbol.asyncDispose]();
  collector.closeAllConnections();
  await once(collector.close(), 'close');
});

/** All spans so far; the executor traces nothing any more. */
async function spans(): Promise<ReceivedSpan[]> {
  await telemetry[Symbol.asyncDispose]();
  return received;
}

const executes = ({
  headers,
  ...body
}: { headers?: Record<string, string>; path?: string; timeout?: number; asFunction?: Record<string, string> } = {}) =>
  executor.call({
    method: 'POST',
    path: '/v1/runtimes/a/executions',
    body: { image: IMAGE, source: 'code.tar.gz', headers: body.asFunction ?? {}, ...body },
    ...(headers && { headers }),
  });

/** The traceparent that the function, which echoes, was sent. */
async function seenByFunction(response: Response): Promise<string[]> {
  const answer = (await response.json()) as { statusCode?: number; body: string; headers: Record<string, string> };
  const { headers } = answer.statusCode === undefined ? answer : (JSON.parse(answer.body) as typeof answer);
  return (headers.traceparent ?? '').split('-');
}

test('an execution is a part of its caller’s trace, and the function’s spans are parts of it', async () => {
  const [, trace, parent] = await seenByFunction(
    await executes({ headers: { traceparent: `00-${TRACE}-${CALLER}-01` } }),
  );
  const all = await spans();
  const whole = all.find(({ name }) => name === 'execution');
  expect(whole).toMatchObject({ traceId: TRACE, parentSpanId: CALLER, kind: 2 });
  expect(
    all
      .filter(({ parentSpanId }) => parentSpanId === whole?.spanId)
      .map(({ name }) => name)
      .toSorted(),
  ).toEqual(['cold start', 'function', 'readiness']);
  expect([trace, parent]).toEqual([TRACE, all.find(({ name }) => name === 'function')?.spanId]);
  expect(whole?.attributes).toEqual(
    expect.arrayContaining([
      { key: 'open_runtimes.runtime', value: { stringValue: 'a' } },
      { key: 'http.response.status_code', value: { intValue: 200 } },
    ]),
  );
});

test('the executor says who it is', async () => {
  await executes();
  await spans();
  expect(resources).toContain('/v1/traces');
  expect(resources).toContain('open-runtimes-executor');
});

test('a trace that the function’s own headers tell of goes on, and they hold one traceparent', async () => {
  const [, trace] = await seenByFunction(await executes({ asFunction: { Traceparent: `00-${TRACE}-${CALLER}-01` } }));
  expect(trace).toBe(TRACE);
});

test('an execution without a trace begins one', async () => {
  const [version, trace] = await seenByFunction(await executes({ headers: { traceparent: 'nonsense' } }));
  expect(version).toBe('00');
  expect(trace).toMatch(/^(?!0{32})[0-9a-f]{32}$/);
});

test('what a caller does not want traced is not', async () => {
  await executes({ headers: { traceparent: `00-${TRACE}-${CALLER}-00` } });
  expect(await spans()).toEqual([]);
});

test('a call through the gateway is a part of its caller’s trace, and the function’s spans follow', async () => {
  await executes();
  const response = await fetch(`${executor.url}/functions/a/some/path`, {
    headers: { traceparent: `00-${TRACE}-${CALLER}-01` },
  });
  const [, trace, parent] = await seenByFunction(response);
  const call = (await spans()).find(({ name }) => name === 'call');
  expect(call).toMatchObject({ traceId: TRACE, parentSpanId: CALLER, kind: 2, status: {} });
  expect([trace, parent]).toEqual([TRACE, call?.spanId]);
});

test('a failure is one in the trace as well', async () => {
  await executes({ path: '/never', timeout: 1 });
  await executor.call({ method: 'POST', path: '/v1/runtimes', body: { runtimeId: 'b', image: 'missing:image' } });
  await (await fetch(`${executor.url}/functions/nobody/`)).text();
  const failed = (await spans()).filter(({ status }) => status.code === 2);
  expect(failed.map(({ name }) => name).toSorted()).toEqual(['call', 'create', 'execution', 'function']);
});

test('a collector that says nothing keeps nobody', async () => {
  // Longer than this test may take.
  for (const limit of ['OTEL_EXPORTER_OTLP_TIMEOUT', 'OTEL_BSP_EXPORT_TIMEOUT']) vi.stubEnv(limit, '600000');
  const silent = createServer(() => {}).listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const url = `http://127.0.0.1:${(silent.address() as AddressInfo).port}/v1/traces`;
  const own = openTelemetry({ url, service: 'unit', version: '1' });
  own.tracer.begin({ name: 'call', kind: 'server', parent: undefined }).end();
  const asked = once(silent, 'request');
  await own[Symbol.asyncDispose]();
  await asked;
  vi.unstubAllEnvs();
  silent.closeAllConnections();
  await once(silent.close(), 'close');
  expect(received).toEqual([]);
});
