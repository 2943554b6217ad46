// A container that waits at its gate, and the writer at the other end, which is a process in the same container.

import { existsSync } from 'node:fs';
import { cp, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { STANDBY_FOLDER } from '../../../src/contract/paths.ts';
import { soon } from '../soon.ts';
import type { Container, Image } from '../targets/target.ts';

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
  /** It shall end, and nobody connects. */
  unreachable?: true;
}

/** Resolves once the container is ready for its function. @throws Error if it ends before. */
export async function standBy({
  image,
  mode,
  from,
  environment,
  mounts,
  ...options
}: StandByOptions): Promise<StandBy> {
  const [artifact, gate] = await Promise.all([image.makeFolder(), image.makeFolder()]);
  await using resources = new AsyncDisposableStack();
  const container = resources.use(
    await image.serve({
      ...options,
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
  const held = soon({ look: async () => existsSync(path.join(gate, 'held')), holds: (is) => is });
  if (!(await Promise.race([held, over]))) throw new Error('nobody reads at the gate');
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
      const text = await soon({
        look: async () => (await container.exec(['cat', '/mnt/telemetry/timings.txt'])).output,
        holds: (read) => read.includes('startup='),
      });
      if (!text.includes('startup=')) throw new Error('the start writes no timings');
      return text;
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
