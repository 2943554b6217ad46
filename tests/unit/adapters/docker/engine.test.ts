// How long calls of an engine may take that never answers, or never ends its answer.

import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import type Docker from 'dockerode';
import { afterEach, expect, test, vi } from 'vitest';
import { openEngine } from '../../../../src/adapters/docker/engine.ts';

const LIMITS = { askMs: 50, changeMs: 100 };
const opened: { close(): unknown; closeAllConnections(): void }[] = [];

afterEach(() => {
  for (const server of opened.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

async function stuckEngine(serve: RequestListener = () => {}): Promise<Docker> {
  const server = createServer(serve).listen(0, '127.0.0.1');
  await once(server, 'listening');
  opened.push(server);
  vi.stubEnv('DOCKER_HOST', `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`);
  try {
    return openEngine(LIMITS);
  } finally {
    vi.unstubAllEnvs();
  }
}

test.each<{ what: string; call: (docker: Docker) => Promise<unknown>; words: string }>([
  { what: 'ping', call: (docker) => docker.ping(), words: 'GET /_ping within 0.05 s' },
  { what: 'list', call: (docker) => docker.listContainers(), words: 'GET /containers/json within 0.05 s' },
  { what: 'events', call: (docker) => docker.getEvents(), words: 'GET /events within 0.05 s' },
  { what: 'create', call: (docker) => docker.createContainer({}), words: 'POST /containers/create within 0.1 s' },
  {
    what: 'attach',
    call: (docker) => docker.getExec('a').start({ hijack: true, stdin: false }),
    words: 'POST /exec/a/start within 0.1 s',
  },
  { what: 'remove', call: (docker) => docker.getContainer('a').remove(), words: 'DELETE /containers/a within 0.1 s' },
  {
    what: 'wait without a signal',
    call: (docker) => docker.getContainer('a').wait(),
    words: 'POST /containers/a/wait within 0.1 s',
  },
  {
    what: 'create with a signal of its own',
    call: (docker) => docker.createContainer({ abortSignal: new AbortController().signal }),
    words: 'POST /containers/create within 0.1 s',
  },
])('$what ends at its limit', async ({ call, words }) => {
  await expect(call(await stuckEngine())).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining(words),
  });
});

test('an answer that does not end is none', async () => {
  const docker = await stuckEngine((_request, response) => void response.writeHead(200).write('['));
  await expect(docker.listContainers()).rejects.toMatchObject({ code: 'unavailable' });
});

test('what lasts by its nature is ended by the signal that was given for it', async () => {
  const docker = await stuckEngine();
  const enough = AbortSignal.timeout(4 * LIMITS.changeMs);
  await expect(docker.getContainer('a').wait({ abortSignal: enough })).rejects.toMatchObject({ name: 'AbortError' });
  expect(enough.aborted).toBe(true);
});

test('a stream that has begun may last', async () => {
  const docker = await stuckEngine((_request, response) => {
    response.writeHead(200).write('{}\n');
    setTimeout(() => response.end('{}\n'), 3 * LIMITS.changeMs);
  });
  const events = await docker.getEvents();
  expect(Buffer.concat(await Array.fromAsync(events as AsyncIterable<Buffer>)).toString()).toBe('{}\n{}\n');
});

test('what the engine refuses is told as it says', async () => {
  const docker = await stuckEngine((_request, response) => response.writeHead(409).end('{"message":"in use"}'));
  await expect(docker.createContainer({})).rejects.toMatchObject({ statusCode: 409, json: { message: 'in use' } });
});
