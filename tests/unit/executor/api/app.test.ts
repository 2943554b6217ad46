// Tests the executor's routes against servers that really listen.

import { readdir } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { IMAGE, type MemoryExecutor, memoryExecutor, SECRET } from '../../../support/memory-executor.ts';

const RUNTIME = { runtimeId: 'one', image: IMAGE, source: 'code.tar.gz', runtimeEntrypoint: 'start' };

let executor: MemoryExecutor;
beforeEach(async () => {
  executor = await memoryExecutor();
});
afterEach(() => executor[Symbol.asyncDispose]());

const create = (changes: object = {}) =>
  executor.call({ method: 'POST', path: '/v1/runtimes', body: { ...RUNTIME, ...changes } });
const execute = (body: unknown, headers: Record<string, string> = {}) =>
  executor.call({ method: 'POST', path: '/v1/runtimes/one/executions', body, headers });
const left = async () => ({
  instances: executor.orchestrator.instances.size,
  folders: await readdir(`${executor.folder}/work`),
});

describe('authorization', () => {
  test('health needs none', async () => {
    const response = await fetch(`${executor.url}/v1/health`);
    expect([response.status, await response.json()]).toEqual([
      200,
      { status: 'pass', usage: expect.any(Number), runtimes: {} },
    ]);
  });

  test.each(['', 'Bearer', 'Bearer wrong', `${SECRET}`])('with %j a request is refused', async (authorization) => {
    const response = await executor.call({ path: '/v1/runtimes', headers: { authorization } });
    expect([response.status, await response.json()]).toEqual([
      401,
      { type: 'general_unauthorized', message: 'Missing executor key', code: 401, version: '0.11.0' },
    ]);
  });

  test('comes before anything else is looked at', async () => {
    const response = await executor.call({
      method: 'POST',
      path: '/v1/runtimes',
      body: '{',
      headers: { authorization: 'Bearer wrong' },
    });
    expect(response.status).toBe(401);
  });
});

describe('creating', () => {
  test('answers with times that have decimals', async () => {
    const response = await create();
    expect(response.status).toBe(201);
    expect(await response.text()).toMatch(/^\{"output":\[\],"startTime":\d+\.\d+,"duration":\d+\.\d+\}$/);
  });

  test('a second runtime of the same id is a conflict', async () => {
    await create();
    const response = await create();
    expect([response.status, await response.json()]).toMatchObject([
      409,
      { type: 'runtime_conflict', message: 'Runtime already exists ' },
    ]);
  });

  test('one that is still being created is told apart', async () => {
    const [first, second] = await Promise.all([create(), create()]);
    expect([first.status, second.status].toSorted()).toEqual([201, 409]);
    const refused = first.status === 409 ? first : second;
    expect(await refused.json()).toMatchObject({
      message: 'A runtime with the same ID is already being created. Attempt a execution soon.',
    });
  });

  test.each([
    [
      'an image that is not there',
      { image: 'invented/missing:1' },
      'runtime_failed',
      /There is no image invented\/missing:1/,
    ],
    ['a source that is not there', { source: 'missing.tar.gz' }, 'runtime_failed', /missing\.tar\.gz/],
    ['a source outside the storage', { source: '../../etc/passwd' }, 'runtime_failed', /\.\./],
  ])('%s leaves nothing behind', async (_what, changes, type, message) => {
    const response = await create(changes);
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { type, message: expect.stringMatching(message) },
    ]);
    expect(await left()).toEqual({ instances: 0, folders: [] });
    expect((await executor.call({ path: '/v1/runtimes/one' })).status).toBe(404);
  });
});

describe('looking and deleting', () => {
  test('a runtime is shown without its secret', async () => {
    await create();
    const response = await executor.call({ path: '/v1/runtimes/one' });
    expect(await response.json()).toEqual({
      version: 'v5',
      created: expect.any(Number),
      updated: expect.any(Number),
      name: 'unit-one',
      hostname: expect.stringMatching(/^[0-9a-f]{32}$/),
      status: expect.stringMatching(/^Up \d+\.\d\ds$/),
      key: '',
      listening: 0,
      image: IMAGE,
      initialised: 1,
    });
  });

  test('all are listed', async () => {
    await create();
    await create({ runtimeId: 'two' });
    const runtimes = (await (await executor.call({ path: '/v1/runtimes' })).json()) as { name: string }[];
    expect(runtimes.map(({ name }) => name)).toEqual(['unit-one', 'unit-two']);
  });

  test('deleting answers with an empty body and leaves nothing', async () => {
    await create();
    const response = await executor.call({ method: 'DELETE', path: '/v1/runtimes/one' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(await left()).toEqual({ instances: 0, folders: [] });
  });

  test('deleting waits for what is in flight', async () => {
    await create();
    await execute({});
    const execution = execute({ path: '/wait/300' });
    await expect.poll(async () => (await executor.call({ path: '/v1/runtimes/one' })).status).toBe(200);
    await executor.call({ method: 'DELETE', path: '/v1/runtimes/one' });
    expect(await (await execution).json()).toMatchObject({ statusCode: 200 });
  });

  test.each(['GET', 'DELETE'])('%s of an unknown runtime is an error', async (method) => {
    const response = await executor.call({ method, path: '/v1/runtimes/none' });
    expect([response.status, await response.json()]).toMatchObject([
      404,
      { type: 'runtime_not_found', message: 'Runtime not found' },
    ]);
  });
});

describe('executing', () => {
  const COLD = { image: IMAGE, source: 'code.tar.gz' };

  test('starts the runtime when image and source are given', async () => {
    const response = await execute({
      ...COLD,
      path: '/a?b=c',
      method: 'POST',
      body: 'text',
      headers: { 'X-Mine': 'yes' },
    });
    const { body, ...result } = (await response.json()) as { body: string };
    expect(result).toEqual({
      statusCode: 200,
      headers: expect.objectContaining({ 'x-own': 'shown' }),
      logs: '',
      errors: '',
      duration: expect.any(Number),
      startTime: expect.any(Number),
    });
    expect(JSON.parse(body)).toMatchObject({
      method: 'POST',
      url: '/a?b=c',
      body: 'text',
      headers: { 'x-mine': 'yes' },
    });
  });

  test('without them an unknown runtime is an error that says what to do', async () => {
    const response = await execute({});
    expect([response.status, await response.json()]).toMatchObject([
      404,
      {
        type: 'runtime_not_found',
        message: 'Runtime not found. Please start it first or provide runtime-related parameters.',
      },
    ]);
  });

  test('twenty first calls at once share one start', async () => {
    const responses = await Promise.all(Array.from({ length: 20 }, () => execute(COLD)));
    expect(responses.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200));
    expect(executor.orchestrator.instances.size).toBe(1);
  });

  test('sends what runtimes need, and nothing that a caller could pass for it', async () => {
    const response = await execute({
      ...COLD,
      timeout: 7,
      headers: { 'x-open-runtimes-secret': 'forged', 'X-Open-Runtimes-Log-Id': '../x' },
    });
    const { headers } = JSON.parse(((await response.json()) as { body: string }).body) as {
      headers: Record<string, string>;
    };
    expect(headers).toMatchObject({
      'x-open-runtimes-secret': expect.stringMatching(/^[0-9a-f]{64}$/),
      'x-open-runtimes-timeout': '7',
      'x-open-runtimes-logging': 'enabled',
      'x-open-runtimes-log-id': expect.stringMatching(/^[0-9a-f]{20}$/),
      authorization: `Basic ${Buffer.from(`opr:${headers['x-open-runtimes-secret']}`).toString('base64')}`,
    });
  });

  test('header lists collapse to their last value in older formats', async () => {
    const older = (await (await execute(COLD)).json()) as { headers: object };
    const newer = (await (await execute(COLD, { 'x-executor-response-format': '0.11.0' })).json()) as {
      headers: object;
    };
    expect([older.headers, newer.headers]).toMatchObject([{ 'set-cookie': 'b=2' }, { 'set-cookie': ['a=1', 'b=2'] }]);
  });

  test('reserved headers of the function do not come out', async () => {
    const { headers } = (await (await execute(COLD)).json()) as { headers: Record<string, string> };
    expect(Object.keys(headers).filter((name) => name.startsWith('x-open-runtimes-'))).toEqual([]);
  });

  test('bytes that are no text need multipart', async () => {
    const json = await execute({ ...COLD, path: '/binary' });
    expect([json.status, await json.json()]).toMatchObject([400, { type: 'execution_bad_json' }]);
    const multipart = await execute({ ...COLD, path: '/binary' }, { accept: 'multipart/form-data' });
    const form = await multipart.formData();
    expect([...form.keys()]).toEqual(['statusCode', 'headers', 'body', 'logs', 'errors', 'duration', 'startTime']);
  });

  test('a JSON answer has exactly that content type', async () => {
    expect((await execute(COLD)).headers.get('content-type')).toBe('application/json');
  });

  test('bytes in a multipart body survive', async () => {
    const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    const form = new FormData();
    for (const [name, value] of Object.entries({ ...COLD, method: 'POST', headers: '{"x-mine":"yes"}', logging: '' }))
      form.set(name, value);
    form.set('body', new Blob([bytes]));
    const response = await fetch(`${executor.url}/v1/runtimes/one/executions`, {
      method: 'POST',
      headers: { authorization: `Bearer ${SECRET}`, accept: 'application/json' },
      body: form,
    });
    const echoed = JSON.parse(((await response.json()) as { body: string }).body) as {
      body: string;
      headers: Record<string, string>;
    };
    expect(Buffer.from(echoed.body, 'latin1').equals(bytes)).toBe(true);
    expect(echoed.headers).toMatchObject({ 'x-mine': 'yes', 'x-open-runtimes-logging': 'disabled' });
  });

  test('a function that does not answer is ended, and the next call finds a fresh one', async () => {
    const response = await execute({ ...COLD, path: '/never', timeout: 1 });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      { type: 'execution_timeout', message: 'Timed out waiting for execution.' },
    ]);
    expect(await left()).toEqual({ instances: 0, folders: [] });
    expect((await execute(COLD)).status).toBe(200);
  });

  test('a runtime that cannot start says why', async () => {
    const response = await execute({ ...COLD, variables: { END: 'Error: no such artifact' } });
    expect([response.status, await response.json()]).toMatchObject([
      400,
      {
        type: 'runtime_failed',
        message: 'Runtime failed: its process ended with exit code 1 and the exit message: Error: no such artifact.',
      },
    ]);
    expect(await left()).toEqual({ instances: 0, folders: [] });
  });

  test.each([
    ['ends', '/exit/3', 'The runtime has ended with exit code 3.\n'],
    ['runs out of memory', '/exit/137', 'The runtime ran out of memory and was ended.\n'],
  ])('a runtime that %s under a call is its result', async (_what, path, errors) => {
    const response = await execute({ ...COLD, path });
    expect([response.status, await response.json()]).toMatchObject([200, { statusCode: 500, errors }]);
    expect((await execute(COLD)).status).toBe(200);
  });
});

describe('the gateway', () => {
  test('passes requests through and reserved headers in neither direction', async () => {
    await create();
    const response = await fetch(`${executor.url}/functions/one/a/b?c=%20d`, {
      method: 'PUT',
      body: 'text',
      headers: { 'x-open-runtimes-secret': 'forged' },
    });
    const seen = (await response.json()) as { headers: Record<string, string> };
    expect(seen).toMatchObject({
      method: 'PUT',
      url: '/a/b?c=%20d',
      body: 'text',
      headers: { 'x-forwarded-proto': 'http' },
    });
    expect(seen.headers['x-open-runtimes-secret']).toMatch(/^[0-9a-f]{64}$/);
    expect([response.headers.get('x-own'), response.headers.get('x-open-runtimes-hidden')]).toEqual(['shown', null]);
    expect(response.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
  });

  test('streams a request and its answer at the same time', async () => {
    await create();
    const { readable, writable } = new TransformStream<Uint8Array>();
    const writer = writable.getWriter();
    const answer = fetch(`${executor.url}/functions/one/mirror`, {
      method: 'POST',
      body: readable,
      duplex: 'half',
    } as RequestInit);
    void writer.write(Buffer.from('first'));
    const reader = (await answer).body?.getReader();
    // The second piece is not sent before the first one has come back.
    const first = await reader?.read();
    void writer.write(Buffer.from('second'));
    const second = await reader?.read();
    await writer.close();
    expect([first, second].map((piece) => Buffer.from(piece?.value ?? []).toString())).toEqual(['first', 'second']);
  });

  test('an unknown function is not found', async () => {
    expect((await fetch(`${executor.url}/functions/none/`)).status).toBe(404);
  });
});

test('an unknown path is an error of the usual shape that nobody may cache', async () => {
  const response = await executor.call({ path: '/v2/anything' });
  expect([response.status, await response.json()]).toEqual([
    404,
    { type: 'general_route_not_found', message: 'Not Found', code: 404, version: '0.11.0' },
  ]);
  expect(response.headers.get('cache-control')).toMatch(/no-store/);
});

test.each(['{', '"text"', '[1]'])('the body %s is an error that says so', async (body) => {
  const response = await executor.call({ method: 'POST', path: '/v1/runtimes', body });
  expect([response.status, await response.json()]).toMatchObject([
    400,
    { type: 'execution_bad_request', message: expect.stringMatching(/^The request body cannot be read/) },
  ]);
});

test('an empty list is an empty object', async () => {
  const response = await executor.call({ method: 'POST', path: '/v1/runtimes', body: '[]' });
  expect(await response.json()).toMatchObject({ message: 'Param "runtimeId" is not optional.' });
});
