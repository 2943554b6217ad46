// A container that waits at its gate, and the writer at the other end, which is a process in the same container.

import { existsSync } from 'node:fs';
import { cp, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { STANDBY_FOLDER } from '../../../src/contract/paths.ts';
import type { Container, Image } from '../targets/target.ts';

const DEADLINE_MS = 60_000;

// Engines may run where this process cannot open their pipes; files are shared with all of them.
const WRITER = `
  set -e; exec {silence}<> <(:); cd /mnt/standby
  await() { until [ "$@" ]; do read -t 0.01 -u "$silence" || true; done; }
  await -p gate; exec {gate}> gate; : > held; await -e message
  cat message >&"$gate"; rm held message
`;

export interface StandBy extends AsyncDisposable {
  container: Container;
  /** Lays the artifact ready and opens the gate with these variables; undefined: closes it with nothing written. */
  open(variables: Readonly<Record<string, string>> | undefined): Promise<void>;
  /** The timings, once the last of them is there. */
  timings(): Promise<string>;
}

export interface StandByOptions {
  image: Image;
  mode: 'cold' | 'warm';
  /** The folder with the artifact. */
  from: string;
  environment?: Readonly<Record<string, string>>;
  mounts?: Readonly<Record<string, string>>;
}

/** Resolves once the container is ready for its function. @throws Error if it ends before. */
export async function standBy({ image, mode, from, environment, mounts }: StandByOptions): Promise<StandBy> {
  const [artifact, gate] = await Promise.all([image.makeFolder(), image.makeFolder()]);
  await using resources = new AsyncDisposableStack();
  const container = resources.use(
    await image.serve({
      artifact,
      environment: { ...environment, OPEN_RUNTIMES_STANDBY: mode },
      mounts: { ...mounts, [STANDBY_FOLDER]: gate },
    }),
  );
  // Ends with the container at the latest, whatever becomes of it.
  const writer = container.exec(['bash', '-c', WRITER]).catch(() => {});
  const over = container.ended.then(({ exitCode, output }) =>
    Promise.reject(new Error(`it has ended before it waited, with exit code ${exitCode}:\n${output}`)),
  );
  await Promise.race([until(() => existsSync(path.join(gate, 'held')), 'nobody reads at the gate'), over]);
  const owned = resources.move();
  return {
    container,
    open: async (variables) => {
      await cp(from, artifact, { recursive: true, verbatimSymlinks: true });
      const message = Object.entries(variables ?? {}).map(([name, value]) => `${name}=${value}\0`);
      await writeFile(path.join(gate, 'message.partial'), message.join(''));
      await rename(path.join(gate, 'message.partial'), path.join(gate, 'message'));
      await writer;
    },
    timings: async () => {
      let text = '';
      await until(
        async () => (text = (await container.exec(['cat', '/mnt/telemetry/timings.txt'])).output).includes('startup='),
        'the start writes no timings',
      );
      return text;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function until(holds: () => boolean | Promise<boolean>, otherwise: string): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(otherwise);
    await pause(5);
  }
}
