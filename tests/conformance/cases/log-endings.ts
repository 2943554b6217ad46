// Cases of docs/contract.md, section 7, on the logs of calls whose process has ended before they could be answered.

import { setTimeout as pause } from 'node:timers/promises';
import type { FixtureStep, ImageCase } from '../case.ts';
import type { Container, Image } from '../targets/target.ts';
import { builtFixture, same } from './examine.ts';

const WAIT_MS = 15_000;
const ID = 'of-a-call-that-ended';

async function serveFixture(image: Image): Promise<Container> {
  const { folder } = await builtFixture({ image });
  const container = await image.serve({ artifact: folder, environment: {} });
  await container.ready();
  return container;
}

/** Whatever becomes of it. */
async function call({ host, port }: Container, steps: readonly FixtureStep[]): Promise<void> {
  const headers = { 'x-conformance-steps': JSON.stringify(steps), 'x-open-runtimes-log-id': ID };
  await fetch(`http://${host}:${port}/`, { headers }).then(
    (response) => response.text(),
    () => '',
  );
}

export const logEndingCases: readonly ImageCase[] = [
  {
    name: 'lines-before-an-exit-stay',
    covers: 'Log files',
    async examine(image) {
      await using container = await serveFixture(image);
      await call(container, [
        ['log', 'before'],
        ['exit', 3],
      ]);
      return same({
        clause: this.covers,
        what: 'logs',
        expected: 'before\n',
        got: (await container.readLogs(ID)).logs,
      });
    },
  },
  {
    name: 'lines-before-a-signal-stay',
    covers: 'Log files',
    core: true,
    async examine(image) {
      await using container = await serveFixture(image);
      const called = call(container, [
        ['log', 'before'],
        ['sleep', 60_000],
      ]);
      // Servers may keep lines elsewhere until the end; then this waits in vain, and they must be there afterwards.
      const deadline = performance.now() + WAIT_MS;
      while ((await container.readLogs(ID)).logs === '' && performance.now() < deadline) await pause(20);
      // All but process 1 and itself.
      await container.exec(['bash', '-c', 'kill -KILL -1']);
      await called;
      return same({
        clause: this.covers,
        what: 'logs',
        expected: 'before\n',
        got: (await container.readLogs(ID)).logs,
      });
    },
  },
];
