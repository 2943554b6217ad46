// What an executor cannot do without: a container like those of functions, that sleeps or has the bare server of a
// language in it.

import { randomUUID } from 'node:crypto';
import type { Adapter } from '../../../src/adapters/adapter.ts';
import { openDockerAdapter, purgeDocker } from '../../../src/adapters/docker.ts';
import { untilAnswered } from '../answer.ts';
import { type Spread, spread } from '../statistics.ts';

const SLEEP = ['sleep', 'infinity'];

export interface BareRequest {
  image: string;
  /** The command of the bare server, and the folder of the host that it sees at /mnt/code. */
  command: string[];
  code: string;
  rounds: number;
  say: (detail: string) => void;
  signal: AbortSignal;
}

/** Milliseconds. */
export interface BareResult {
  /** Creating and starting a container that only sleeps. */
  engineMs: Spread;
  /** From asking for a container to the first answer of the bare server in it. */
  answerMs: Spread;
}

/** Confined as functions are, on a network as theirs, one at a time. */
export async function measureBare({ image, command, code, rounds, say, signal }: BareRequest): Promise<BareResult> {
  await using resources = new AsyncDisposableStack();
  const owner = `opr-bench-${process.pid}`;
  resources.defer(() => purgeDocker({ owner }));
  const adapter = resources.use(await openDockerAdapter({ owner, networks: [owner] }));
  const seen: { engine: number; answer: number }[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    signal.throwIfAborted();
    say(`round ${round} of ${rounds}`);
    const engine = await timeOf({ adapter, image, command: SLEEP, code, answers: false });
    seen.push({ engine, answer: await timeOf({ adapter, image, command, code, answers: true }) });
  }
  return { engineMs: spread(seen.map(({ engine }) => engine)), answerMs: spread(seen.map(({ answer }) => answer)) };
}

async function timeOf({
  adapter,
  image,
  command,
  code,
  answers,
}: {
  adapter: Adapter;
  image: string;
  command: string[];
  code: string;
  answers: boolean;
}): Promise<number> {
  const name = `opr-bench-${randomUUID()}`;
  const spec = {
    name,
    image,
    command,
    hostname: 'bench',
    environment: {},
    labels: {},
    cpus: 1,
    memory: 512,
    restartPolicy: 'no' as const,
  };
  const began = performance.now();
  const { address } = await adapter.start({ ...spec, mounts: [{ source: code, target: '/mnt/code', readOnly: true }] });
  try {
    if (address && answers) await untilAnswered({ running: address, secret: '' });
    return performance.now() - began;
  } finally {
    await adapter.stop({ name, graceMs: 0 });
  }
}
