// Starts what is compared: one function in a container, and before it the gateway of an executor and other proxies, all
// at the same time.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import Docker from 'dockerode';
import { deriveSecret } from '../../../src/executor/runtimes/identity.ts';
import { executorProcess, SECRET } from '../../support/executor-process.ts';
import { freePorts } from '../../../src/lib/ports.ts';
import { temporaryFolder } from '../../support/folder.ts';
import type { Tools } from './tools.ts';

const ID = 'bench';
const UNTIL_UP_MS = 20_000;

/** A way to the same function. */
export interface Contestant {
  name: string;
  host: string;
  port: number;
  /** What comes before the function's own paths. */
  prefix: string;
  secret: string;
}

export interface Arena extends AsyncDisposable {
  direct: Contestant;
  gateway: Contestant;
  reverseProxy: Contestant;
  queueProxy: Contestant;
  haproxy: Contestant;
  /** The executor's process. */
  pid: number;
}

/** `command` starts a server from the code in /mnt/code. */
export async function openArena({ tools, command }: { tools: Tools; command: string[] }): Promise<Arena> {
  await using resources = new AsyncDisposableStack();
  const executor = resources.use(
    await executorProcess({ OPR_EXECUTOR_INACTIVE_THRESHOLD: '86400', OPR_EXECUTOR_REACH: 'address' }),
  );
  await promisify(execFile)('tar', [
    '-czf',
    path.join(executor.folder, 'storage/bench.tar.gz'),
    '-C',
    path.join(import.meta.dirname, 'function'),
    '.',
  ]);
  const runtimeEntrypoint = `tar -xzf /tmp/code.tar.gz -C /mnt/code && exec ${command.join(' ')}`;
  const created = await executor.call({
    method: 'POST',
    path: '/v1/runtimes',
    body: { runtimeId: ID, image: executor.image, source: 'bench.tar.gz', runtimeEntrypoint },
  });
  if (created.status !== 201) throw new Error(`The function could not be started: ${await created.text()}`);
  const { name, hostname } = (await (await executor.call({ path: `/v1/runtimes/${ID}` })).json()) as {
    name: string;
    hostname: string;
  };
  const { address, pid } = await inspect(name);
  const secret = deriveSecret({ secret: SECRET, name, hostname });
  const target = { host: address, port: 3000, secret, prefix: '' };
  const [goPort = 0, haPort = 0] = await freePorts(2);

  resources.use(program(tools.reverseProxy, [`127.0.0.1:${goPort}`, `http://${address}:3000`]));
  // It passes on to loopback only, being made to stand beside a function in its pod; so it stands in the container's
  // network.
  resources.use(program('nsenter', ['--target', String(pid), '--net', tools.queueProxy], QUEUE_PROXY));
  const folder = resources.use(await temporaryFolder());
  const config = path.join(folder.path, 'haproxy.cfg');
  await writeFile(config, haproxyConfig({ port: haPort, address }));
  resources.use(program('haproxy', ['-q', '-db', '-f', config]));

  const contestants = {
    direct: { ...target, name: 'straight to the container' },
    gateway: {
      ...target,
      name: 'gateway',
      host: '127.0.0.1',
      port: Number(new URL(executor.url).port),
      prefix: `/functions/${ID}`,
    },
    reverseProxy: { ...target, name: 'Go’s ReverseProxy', host: '127.0.0.1', port: goPort },
    queueProxy: { ...target, name: 'Knative’s queue-proxy', port: Number(QUEUE_PROXY.QUEUE_SERVING_PORT) },
    haproxy: { ...target, name: 'HAProxy', host: '127.0.0.1', port: haPort },
  };
  for (const contestant of Object.values(contestants)) await untilUp(contestant);
  const owned = resources.move();
  return { ...contestants, pid: executor.pid, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

const QUEUE_PROXY = {
  CONTAINER_CONCURRENCY: '0',
  QUEUE_SERVING_PORT: '8012',
  QUEUE_SERVING_TLS_PORT: '8112',
  USER_PORT: '3000',
  REVISION_TIMEOUT_SECONDS: '300',
  SERVING_LOGGING_CONFIG: '',
  SERVING_LOGGING_LEVEL: 'error',
  SERVING_NAMESPACE: ID,
  SERVING_CONFIGURATION: ID,
  SERVING_REVISION: ID,
  SERVING_POD: ID,
  SERVING_POD_IP: '127.0.0.1',
};

function haproxyConfig({ port, address }: { port: number; address: string }): string {
  return [
    'global',
    '  maxconn 4096',
    'defaults',
    '  mode http',
    '  option http-keep-alive',
    '  http-reuse always',
    '  timeout connect 5s',
    '  timeout client 60s',
    '  timeout server 60s',
    'frontend front',
    `  bind 127.0.0.1:${port}`,
    '  default_backend back',
    'backend back',
    `  server function ${address}:3000`,
    '',
  ].join('\n');
}

function program(file: string, args: string[], environment: Record<string, string> = {}): AsyncDisposable {
  const child: ChildProcess = spawn(file, args, {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'ignore', 'ignore'],
  });
  const ended = once(child, 'exit');
  ended.catch(() => {});
  return {
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended.catch(() => {});
    },
  };
}

async function inspect(name: string): Promise<{ address: string; pid: number }> {
  const { NetworkSettings, State } = await new Docker().getContainer(name).inspect();
  const address = Object.values(NetworkSettings.Networks)[0]?.IPAddress;
  if (!address) throw new Error(`The container ${name} has no address.`);
  return { address, pid: State.Pid };
}

async function untilUp({ name, host, port, prefix }: Contestant): Promise<void> {
  for (const deadline = Date.now() + UNTIL_UP_MS; Date.now() < deadline; await pause(10)) {
    const response = await fetch(`http://${host}:${port}${prefix}/`).catch(() => undefined);
    await response?.bytes();
    if (response?.status === 200) return;
  }
  throw new Error(`${name} does not answer.`);
}
