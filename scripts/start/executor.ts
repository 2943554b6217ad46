// The executor of `npm start`: a process of its own, with a name, a network, a storage and a secret that nothing else
// uses.

import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, open, readFile } from 'node:fs/promises';
import path from 'node:path';
import type Docker from 'dockerode';
import { poll } from '../../src/lib/poll.ts';
import type { ExecutorAddress } from './deploy.ts';

const PROGRAM = path.join(import.meta.dirname, '../../src/main/executor.ts');
const START_MS = 60_000;
const STOP_MS = 15_000;
// The function is to stay for as long as somebody looks at it.
const NEVER_IDLE_SECONDS = '31536000';

export interface OwnExecutor extends ExecutorAddress, AsyncDisposable {
  /** The folder that is its storage. */
  storage: string;
}

interface Options {
  docker: Docker;
  /** All that it keeps is below. */
  folder: string;
  port: number;
  /** Whether its errors say where in the source they come from. */
  development: boolean;
}

/**
 * Starts an executor; undefined if somebody else listens on the port. Disposing ends it and removes its containers and
 * its network.
 */
export async function openExecutor({ docker, folder, port, development }: Options): Promise<OwnExecutor | undefined> {
  // Of its own, since an executor takes over the runtimes of an earlier one of the same name. Engines are shared by
  // hosts and containers, whose processes have the same numbers.
  const name = `open-runtimes-start-${process.pid}-${randomBytes(4).toString('hex')}`;
  const secret = randomBytes(32).toString('hex');
  const storage = path.join(folder, 'storage');
  const logFile = path.join(folder, 'executor.log');
  await mkdir(storage, { recursive: true });
  const log = await open(logFile, 'w');
  const child = spawn(process.execPath, [PROGRAM], {
    // In a group of its own, so that Ctrl-C reaches this process only, which then ends the executor in good order.
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
    env: {
      ...process.env,
      TMPDIR: folder,
      OPR_EXECUTOR_ENV: development ? 'development' : 'production',
      OPR_EXECUTOR_PORT: String(port),
      OPR_EXECUTOR_SECRET: secret,
      OPR_EXECUTOR_NAME: name,
      OPR_EXECUTOR_NETWORK: name,
      OPR_EXECUTOR_WORK_FOLDER: path.join(folder, 'work'),
      OPR_EXECUTOR_CONNECTION_STORAGE: `file://localhost${storage}`,
      OPR_EXECUTOR_INACTIVE_THRESHOLD: NEVER_IDLE_SECONDS,
    },
  });
  await log.close();
  const executor: OwnExecutor = {
    url: `http://localhost:${port}`,
    secret,
    storage,
    async [Symbol.asyncDispose]() {
      await end(child);
      await sweep({ docker, network: name });
    },
  };
  try {
    await waitUntilItAnswers({ child, executor });
    return executor;
  } catch (cause) {
    await executor[Symbol.asyncDispose]();
    const lines = (await readFile(logFile, 'utf8')).trimEnd().split('\n');
    if (lines.some((line) => line.includes('EADDRINUSE'))) return undefined;
    throw new Error(`The executor did not start:\n${lines.slice(-10).join('\n')}`, { cause });
  }
}

/** Asks with the secret: whoever else may listen on the port does not know it. */
async function waitUntilItAnswers({
  child,
  executor: { url, secret },
}: {
  child: ChildProcess;
  executor: ExecutorAddress;
}): Promise<void> {
  const look = async () => {
    if (hasEnded(child)) throw new Error(`it ended with code ${child.exitCode}`);
    const headers = { authorization: `Bearer ${secret}` };
    const { ok } = await fetch(`${url}/v1/runtimes`, { headers }).catch(() => ({ ok: false }));
    return ok || undefined;
  };
  const limit = AbortSignal.timeout(START_MS);
  await poll({ look, firstPauseMs: 5, longestPauseMs: 100, signal: limit }).catch((error: unknown) => {
    throw limit.aborted ? new Error(`it did not answer within ${START_MS / 1000} s`, { cause: error }) : error;
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
  clearTimeout(timer);
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

/** Executors leave their containers running when they end, for the next one to find. Here there is no next one. */
async function sweep({ docker, network }: { docker: Docker; network: string }): Promise<void> {
  const containers = await docker.listContainers({ all: true, filters: { network: [network] } });
  await Promise.all(containers.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true })));
  const [found] = await docker.listNetworks({ filters: { name: [network] } });
  if (found) await docker.getNetwork(found.Id).remove();
}
