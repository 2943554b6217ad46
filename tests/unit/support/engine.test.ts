// Tests that nobody waits for an engine that says nothing.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Docker from 'dockerode';
import { expect, test } from 'vitest';
import { openEngine } from '../../support/engine.ts';

/** Answers pings and the end of a container, and takes all else without a word. */
async function deadlockedEngine(): Promise<AsyncDisposable & { docker: Docker }> {
  const server = createServer((request, response) => {
    if (request.url?.endsWith('/_ping')) response.end('OK');
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    docker: new Docker({ protocol: 'http', host: '127.0.0.1', port: (server.address() as AddressInfo).port }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

test.each([
  ['a request', (docker: Docker) => docker.listContainers(), 'GET /containers/json'],
  ['a start', (docker: Docker) => docker.getContainer('a').start(), 'POST /containers/a/start'],
  ['a wait', (docker: Docker) => docker.getContainer('a').wait(), 'POST /containers/a/wait'],
])('%s that is never answered ends with an error that says so', async (_what, ask, words) => {
  await using engine = await deadlockedEngine();
  const docker = openEngine({ docker: engine.docker, answerMs: 20, waitMs: 20 });
  await expect(ask(docker)).rejects.toThrow(`The Docker Engine has not answered ${words}`);
});

test('the end of a container may be waited for longer than an answer', async () => {
  await using engine = await deadlockedEngine();
  const docker = openEngine({ docker: engine.docker, answerMs: 20, waitMs: 200 });
  const asked = [docker.getContainer('a').wait(), docker.getContainer('a').inspect()];
  const first = await Promise.race(asked.map((one) => one.catch((error: Error) => error.message)));
  expect(first).toContain('GET /containers/a/json');
  await Promise.allSettled(asked);
});

test('what is answered is passed on', async () => {
  await using engine = await deadlockedEngine();
  expect(String(await openEngine({ docker: engine.docker }).ping())).toBe('OK');
});
