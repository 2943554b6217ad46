// Asks the executor's door what runtimes are asked: as a gateway before a right server, and for its own interface.

import { test } from 'vitest';
import { executorBefore } from '../support/executor-before.ts';
import { wireCases } from './cases/all.ts';
import { malformedMessages } from './cases/messages.ts';
import { CORRECT } from './fakes/behaviour.ts';
import { perform } from './perform.ts';
import { runCases } from './run.ts';
import { startFake } from './targets/in-process.ts';
import type { Server, Setup, Target } from './targets/target.ts';
import { urlTarget } from './targets/url.ts';

/** A right server with the executor's gateway before it. */
function gatewayTarget(): Target {
  return {
    ...urlTarget({ url: 'http://127.0.0.1/functions/one', secret: '' }),
    name: 'gateway',
    abilities: new Set(['fixtures']),
    start: startBehindGateway,
  };
}

async function startBehindGateway(setup: Setup): Promise<Server> {
  await using started = new AsyncDisposableStack();
  // The executor gives it a secret of its own, which no fake could know.
  const fake = started.use(await startFake(CORRECT, { ...setup, environment: { OPEN_RUNTIMES_SECRET: null } }));
  const { served } = started.use(await executorBefore({ port: fake.port }));
  const owned = started.move();
  return {
    host: '127.0.0.1',
    port: served.port,
    base: '/functions/one',
    secret: '',
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

test('a gateway before a right server is right', { timeout: 180_000 }, async ({ expect }) => {
  const cases = wireCases.filter(({ slow }) => slow !== true);
  await using target = gatewayTarget();
  const { smoke, results } = await runCases({ target, cases });
  expect(smoke).toBeUndefined();
  expect(results.filter(({ outcome }) => outcome === 'fail' || outcome === 'error')).toEqual([]);
  const asked = results.filter(({ outcome }) => outcome === 'pass').map(({ name }) => name);
  expect(asked).toEqual(expect.arrayContaining(malformedMessages.map(({ name }) => `malformed-${name}`)));
});

test.concurrent.for([...malformedMessages])(
  "the executor's own interface refuses $name",
  async ({ raw }, { expect }) => {
    await using executor = await executorBefore({ port: 1 });
    const server: Server = {
      host: '127.0.0.1',
      port: executor.served.port,
      base: '/v1/health',
      secret: '',
      [Symbol.asyncDispose]: async () => {},
    };
    const findings = await perform({
      wireCase: {
        name: 'malformed',
        covers: 'Malformed messages',
        send: { raw, malformed: true },
        expect: { status: 400, closes: true },
      },
      server,
      startAnother: async () => server,
      entrypoint: undefined,
      broken: new Map(),
    });
    expect(findings).toEqual([]);
  },
);
