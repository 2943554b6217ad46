// The executor whose cold starts are measured, a process of its own, with functions in its storage; and a caller that
// keeps its connections.

import { once } from 'node:events';
import { copyFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { executorProcess, SECRET } from '../../support/executor-process.ts';
import { freePorts } from '../../../src/lib/ports.ts';

const UNTIL_READY_MS = 60_000;
const LOOK_MS = 200;
const STEADY_LOOKS = 4;

/** What is called for the first time. */
export interface FirstCall {
  id: string;
  image: string;
  entrypoint: string;
  /** The key of its artifact. */
  source: string;
  variables?: Record<string, string>;
  cpus?: number;
  memory?: number;
  concurrency?: number;
}

export interface ColdExecutor extends AsyncDisposable {
  /** Puts an artifact into its storage; returns the key. */
  store(request: { file: string; name: string }): Promise<string>;
  /** Milliseconds from the call to the last byte of its answer. Throws if the function did not answer with 200. */
  call(call: FirstCall): Promise<number>;
  remove(id: string): Promise<void>;
  /** Returns when as many standbys wait as are wanted, and nothing is being started. */
  untilReady(request: { signal: AbortSignal }): Promise<void>;
}

export async function coldExecutor(settings: Record<string, string>): Promise<ColdExecutor> {
  await using resources = new AsyncDisposableStack();
  const [metricsPort = 0] = await freePorts(1);
  const executor = resources.use(await executorProcess({ OPR_EXECUTOR_METRICS: String(metricsPort), ...settings }));
  const agent = new Agent({ keepAlive: true });
  resources.defer(() => agent.destroy());
  const port = Number(new URL(executor.url).port);

  const waiting = async () => {
    const metrics = await (await fetch(`http://127.0.0.1:${metricsPort}/metrics`)).text();
    const count = (state: string) =>
      Number(new RegExp(String.raw`^opr_executor_instances\{state="${state}"\} (\d+)`, 'm').exec(metrics)?.[1] ?? 0);
    return { standby: count('standby'), starting: count('starting') };
  };

  const owned = resources.move();
  return {
    store: async ({ file, name }) => {
      await copyFile(file, path.join(executor.folder, 'storage', name));
      return name;
    },
    call: async ({ id, ...parameters }) => {
      const body = JSON.stringify({ logging: true, timeout: 30, ...parameters });
      const began = performance.now();
      const answer = await send({ port, agent, method: 'POST', target: `/v1/runtimes/${id}/executions`, body });
      const took = performance.now() - began;
      if (!answer.includes('"statusCode":200')) throw new Error(`The call failed: ${answer}`);
      return took;
    },
    remove: async (id) => void (await send({ port, agent, method: 'DELETE', target: `/v1/runtimes/${id}` })),
    untilReady: async ({ signal }) => {
      const deadline = AbortSignal.any([signal, AbortSignal.timeout(UNTIL_READY_MS)]);
      for (let steady = 0, before = -1; steady < STEADY_LOOKS; await pause(LOOK_MS)) {
        deadline.throwIfAborted();
        const { standby, starting } = await waiting();
        steady = standby > 0 && standby === before && starting === 0 ? steady + 1 : 0;
        before = standby;
      }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** The whole answer, as text. */
async function send({
  port,
  agent,
  method,
  target,
  body,
}: {
  port: number;
  agent: Agent;
  method: string;
  target: string;
  body?: string;
}): Promise<string> {
  const headers = {
    authorization: `Bearer ${SECRET}`,
    accept: 'application/json',
    ...(body !== undefined && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }),
  };
  const outgoing = request({ host: '127.0.0.1', port, agent, method, path: target, headers }).end(body);
  const [response] = (await once(outgoing, 'response')) as [AsyncIterable<Buffer>];
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}
