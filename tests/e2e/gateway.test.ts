// Drives functions through the gateway of a real executor: streams, and calls that must not be lost while executors
// come and go.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ExecutorProcess, executorProcess } from '../support/executor-process.ts';

let executor: ExecutorProcess;
beforeAll(async () => {
  executor = await executorProcess({ OPR_EXECUTOR_STANDBY_MAX: '0' });
  const artifact = await executor.build('function');
  const body = { image: executor.image, source: artifact, entrypoint: executor.entrypoint };
  const response = await executor.call({ method: 'POST', path: '/v1/runtimes/one/executions', body });
  if (response.status !== 200) throw new Error(await response.text());
});
afterAll(() => executor[Symbol.asyncDispose]());

test('the first piece of a stream is there long before the second one is made', async () => {
  const response = await fetch(`${executor.url}/functions/one/`, {
    headers: { 'x-conformance-steps': JSON.stringify([['stream', 5_000, 'a', 'b']]) },
  });
  const reader = response.body?.getReader();
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('a');
  const began = performance.now();
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('b');
  // Pieces that were held back come together, be the machine ever so slow.
  expect(performance.now() - began).toBeGreaterThan(1_000);
});

test('under constant load an executor is restarted beside another one, and no call is lost', async () => {
  await using supervisor = await superviseExecutors();
  const first = await supervisor.start();
  await supervisor.start();
  const load = constantLoad({ port: supervisor.port });
  await load.more(200);
  first.terminate();
  const third = supervisor.start();
  await first.ended;
  await third;
  await load.more(200);
  expect(await load.stop()).toEqual([]);
});

interface Supervisor extends AsyncDisposable {
  port: number;
  /** Resolves when it listens. */
  start(): Promise<{ terminate: () => void; ended: Promise<void> }>;
}

/** Keeps a socket open and starts executors that share it, as systemd would; they are all the same one by name. */
async function superviseExecutors(): Promise<Supervisor> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const { fd } = Reflect.get(server, '_handle') as { fd: number };
  // A group of its own, to be ended as one.
  const shell = spawn('bash', [], {
    env: { ...process.env, ...settings() },
    stdio: ['pipe', 'pipe', 'inherit', fd],
    detached: true,
  });
  // From now on it is the shell's alone, which accepts nothing.
  server.close();
  const lines = createInterface({ input: shell.stdout as NodeJS.ReadableStream });
  const said = async (pattern: RegExp): Promise<string> => {
    for (;;) {
      const [line] = (await once(lines, 'line')) as [string];
      const found = pattern.exec(line);
      if (found) return found[1] ?? '';
    }
  };
  let count = 0;
  return {
    port,
    start: async () => {
      count += 1;
      const number = count;
      const pid = said(new RegExp(`^started ${number} (\\d+)$`));
      const listens = said(/the executor listens/);
      const ended = said(new RegExp(`^(ended ${number}) 0$`));
      shell.stdin?.write(
        `( "${process.execPath}" src/main/executor.ts & echo started ${number} $!; wait $!; echo ended ` +
          `${number} $? ) &\n`,
      );
      const id = Number(await pid);
      await listens;
      return { terminate: () => process.kill(id, 'SIGTERM'), ended: ended.then(() => undefined) };
    },
    async [Symbol.asyncDispose]() {
      const closed = once(shell, 'close');
      shell.stdin?.end('trap "" TERM; kill -TERM 0; wait\n');
      await closed;
    },
  };
}

function settings(): Record<string, string> {
  return {
    LISTEN_FDS: '1',
    OPR_EXECUTOR_SECRET: 'e2e-secret',
    OPR_EXECUTOR_NAME: executor.name,
    OPR_EXECUTOR_NETWORK: executor.name,
    OPR_EXECUTOR_WORK_FOLDER: `${executor.folder}/work`,
    OPR_EXECUTOR_CONNECTION_STORAGE: `file://localhost${executor.folder}/storage`,
    OPR_EXECUTOR_STANDBY_MAX: '0',
  };
}

interface Load {
  /** Resolves when this many more calls have been made. */
  more(count: number): Promise<void>;
  /** The outcomes of calls that were not as they should be. */
  stop(): Promise<string[]>;
}

/** Some callers keep their connections, the others make a new one for each call. */
function constantLoad({ port }: { port: number }): Load {
  const stopping = new AbortController();
  const failures: string[] = [];
  let calls = 0;
  const caller = async (keepAlive: boolean): Promise<void> => {
    const agent = new Agent({ keepAlive, maxSockets: 1 });
    for (; !stopping.signal.aborted; calls += 1) {
      const outcome = await call({ port, agent });
      if (outcome !== '200') failures.push(outcome);
      await pause(2);
    }
    agent.destroy();
  };
  const callers = [true, true, true, false, false, false].map(caller);
  return {
    more: async (count) => {
      const before = calls;
      await expect.poll(() => calls - before, { timeout: 50_000 }).toBeGreaterThanOrEqual(count);
    },
    stop: async () => {
      stopping.abort();
      await Promise.all(callers);
      return failures;
    },
  };
}

function call({ port, agent }: { port: number; agent: Agent }): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const outgoing = request({ host: '127.0.0.1', port, path: '/functions/one/', agent }, (response) => {
    response
      .resume()
      .on('end', () => resolve(String(response.statusCode)))
      .on('error', (error) => resolve(error.message));
  });
  outgoing.on('error', (error) => resolve(error.message)).end();
  return promise;
}
