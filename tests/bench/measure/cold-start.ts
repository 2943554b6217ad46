// Measures cold starts through an executor, from the call to the last byte of its answer, of functions that never ran before.

import { once } from 'node:events';
import { Agent, request } from 'node:http';
import path from 'node:path';
import { openDockerAdapter, purgeDocker } from '../../../src/adapters/docker.ts';
import { type ServedExecutor, serveExecutor } from '../../../src/executor/serve.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { readSettings } from '../../../src/main/settings.ts';
import { openStorage } from '../../../src/storage/open.ts';
import { temporaryFolder } from '../../support/folder.ts';
import { type Quantiles, quantiles } from '../statistics.ts';

const SECRET = 'bench-secret';
const UNTIL_READY_MS = 60_000;

/** `warm` and `cold` find a standby of that kind waiting, `scratch` finds none. */
export type StartKind = 'warm' | 'cold' | 'scratch';

export interface ColdStartRequest {
  image: string;
  entrypoint: string;
  /** The archive of a built function. */
  artifact: string;
  rounds: number;
  kinds?: readonly StartKind[];
  say: (detail: string) => void;
  signal: AbortSignal;
}

export type ColdStartResult = Record<StartKind, Quantiles | undefined>;

/** One call at a time; each runs until it is answered, then its runtime is removed and the next standby waited for. */
export async function measureColdStarts({ kinds = ['warm', 'cold', 'scratch'], ...options }: ColdStartRequest): Promise<ColdStartResult> {
  const result: ColdStartResult = { warm: undefined, cold: undefined, scratch: undefined };
  for (const kind of kinds) result[kind] = quantiles(await measureKind({ kind, ...options }));
  return result;
}

async function measureKind({ kind, image, entrypoint, artifact, rounds, say, signal }: Omit<ColdStartRequest, 'kinds'> & { kind: StartKind }): Promise<number[]> {
  await using bench = await openBench({ standbyMax: kind === 'scratch' ? 0 : 4, folder: path.dirname(artifact) });
  // Variables of this kind count only when a process starts, so that a booted server is no use.
  const variables = kind === 'cold' ? { TZ: 'UTC' } : {};
  const seen: number[] = [];
  // The first starts of a process are slower than all others, and what makes standbys wanted.
  for (let round = -2; round < rounds; round += 1) {
    signal.throwIfAborted();
    say(`${kind}: round ${Math.max(0, round + 1)} of ${rounds}`);
    const id = `round-${round + 3}`;
    const body = JSON.stringify({ image, entrypoint, source: path.basename(artifact), variables, logging: true });
    const began = performance.now();
    const answer = await bench.post({ target: `/v1/runtimes/${id}/executions`, body });
    const took = performance.now() - began;
    if (!answer.includes('"statusCode":200')) throw new Error(`The call failed: ${answer}`);
    if (round >= 0) seen.push(took);
    await bench.remove(id);
    if (kind !== 'scratch') await bench.untilReady(signal);
  }
  return seen;
}

async function openBench({ standbyMax, folder }: { standbyMax: number; folder: string }) {
  await using resources = new AsyncDisposableStack();
  const name = `opr-bench-${process.pid}`;
  const work = resources.use(await temporaryFolder({}));
  const settings = readSettings({
    OPR_EXECUTOR_SECRET: SECRET,
    OPR_EXECUTOR_NAME: name,
    OPR_EXECUTOR_WORK_FOLDER: work.path,
    OPR_EXECUTOR_STANDBY_MAX: String(standbyMax),
  });
  const storage = openStorage({ dsn: `file://localhost${folder}` });
  resources.defer(() => purgeDocker({ owner: name }));
  const adapter = resources.use(await openDockerAdapter({ owner: name, networks: [name] }));
  const served = resources.use(await serveExecutor({ settings: settings.executor, adapter, storage, cacheStorage: storage, log: silentLog, port: 0 }));
  const agent = new Agent({ keepAlive: true });
  resources.defer(() => agent.destroy());
  const call = (options: { method: string; target: string; body?: string }) => send({ port: served.port, agent, ...options });
  const owned = resources.move();
  return {
    post: (options: { target: string; body: string }) => call({ method: 'POST', ...options }),
    remove: (id: string) => call({ method: 'DELETE', target: `/v1/runtimes/${id}` }),
    untilReady: (signal: AbortSignal) => untilReady({ served, signal }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Until as many wait as are wanted: nothing else may be going on when a call is measured. */
async function untilReady({ served, signal }: { served: ServedExecutor; signal: AbortSignal }): Promise<void> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(UNTIL_READY_MS)]);
  for (let steady = 0, before = -1; steady < 4; ) {
    deadline.throwIfAborted();
    await new Promise((resolve) => void setTimeout(resolve, 200));
    steady = served.standbys > 0 && served.standbys === before ? steady + 1 : 0;
    before = served.standbys;
  }
}

/** The whole answer, as text. */
async function send({ port, agent, method, target, body }: { port: number; agent: Agent; method: string; target: string; body?: string }): Promise<string> {
  const headers = { authorization: `Bearer ${SECRET}`, accept: 'application/json', ...(body !== undefined && { 'content-type': 'application/json' }) };
  const outgoing = request({ host: '127.0.0.1', port, agent, method, path: target, headers }).end(body);
  const [response] = (await once(outgoing, 'response')) as [AsyncIterable<Buffer>];
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}
