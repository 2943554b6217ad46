// Whatever a server does while it ends is a result of the case, and neither the end of the run nor the suite's trouble.

import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { test } from 'vitest';
import type { Case, CaseStep, ImageCase } from './case.ts';
import { ask } from './cases/ask.ts';
import { processCases } from './cases/process.ts';
import { runCases } from './run.ts';
import { inProcessTarget } from './targets/in-process.ts';
import type { Container, Ended, Image, Target } from './targets/target.ts';

/** Does not answer but says when it is asked; SIGTERM cuts all connections, and is over only after that is noticed. */
async function cuttingContainer(): Promise<Container> {
  const open: ServerResponse[] = [];
  const { promise: ended, resolve } = Promise.withResolvers<Ended>();
  const server: Server = createServer((_request, response) => void open.push(response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    host: '127.0.0.1',
    port: (server.address() as AddressInfo).port,
    secret: '',
    ready: async () => {},
    exec: async () => ({ exitCode: 0, output: '' }),
    signal: async () => {
      while (open.length === 0) await pause(1);
      server.closeAllConnections();
      server.close(() => resolve({ exitCode: 0, output: '' }));
      await ended;
      await pause(50);
    },
    ended,
    output: async () => '',
    readLogs: async () => ({ logs: '', errors: '' }),
    [Symbol.asyncDispose]: async () => {},
  };
}

function cuttingTarget(): Target {
  const correct = inProcessTarget({ name: 'cuts connections' });
  const image: Image = {
    name: 'invented',
    fixtureFolder: '',
    readLabels: async () => ({}),
    makeFolder: async () => '',
    build: async () => ({ exitCode: 0, output: '', folder: '' }),
    serve: cuttingContainer,
    run: async () => ({ exitCode: 0, output: '' }),
  };
  return { ...correct, abilities: new Set([...correct.abilities, 'image']), image };
}

test('a server that cuts connections while it ends fails the case that looks', async ({ expect }) => {
  const cases = processCases.filter(({ name }) => name === 'sigterm-lets-requests-finish-and-exits-with-0');
  const { results } = await runCases({ target: cuttingTarget(), cases });
  expect(results.map(({ outcome }) => outcome)).toEqual(['fail']);
  expect(results[0]?.findings[0]?.got).toMatch(/fetch failed: other side closed/);
});

test('a server that cuts connections instead of answering fails any case about its image', async ({ expect }) => {
  const asks: ImageCase = {
    name: 'asks',
    covers: 'Stopping',
    async examine(image) {
      await using container = await image.serve({ artifact: '' });
      const answer = ask(container);
      await Promise.all([answer, container.signal('SIGTERM')]);
      return [];
    },
  };
  const { results } = await runCases({ target: cuttingTarget(), cases: [asks] });
  expect(results.map(({ outcome }) => outcome)).toEqual(['fail']);
});

test('a server that takes no more connections fails whatever it is asked', async ({ expect }) => {
  const correct = inProcessTarget({ name: 'ends at once' });
  const setup = { fixture: 'no-function' };
  const ended: Target = {
    ...correct,
    // Nobody listens there.
    start: async ({ fixture }) => ({ ...(await correct.start({})), ...(fixture === setup.fixture && { port: 1 }) }),
  };
  const steps: CaseStep[] = [{ oneConnection: [{ send: {}, expect: { body: 'ready' } }] }];
  const cases: Case[] = [{ name: 'asked', covers: 'Listening', setup, steps }];
  const { smoke, results } = await runCases({ target: ended, cases });
  expect(smoke).toBeUndefined();
  expect(results[0]?.outcome).toBe('fail');
});
