// An executor as operators run it: a process of its own, on the real engine, with the default runtime's image and
// fixture.

import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { purgeDocker } from '../../src/adapters/docker.ts';
import { freePorts } from '../../src/lib/ports.ts';
import { imageName } from '../../src/manifest/names.ts';
import { readManifests } from '../../src/manifest/read.ts';
import { temporaryFolder } from './folder.ts';

const ROOT = path.join(import.meta.dirname, '../..');
export const SECRET = 'e2e-secret';

export interface ExecutorProcess extends AsyncDisposable {
  url: string;
  name: string;
  folder: string;
  image: string;
  entrypoint: string;
  install: string;
  /** The folder of the runtime's functions for tests. */
  fixture: string;
  /** The number of its process at the moment. */
  readonly pid: number;
  call(request: { method?: string; path: string; body?: unknown; headers?: Record<string, string> }): Promise<Response>;
  /** Builds a folder below the fixture; returns the key of its artifact. */
  build(fixture: string): Promise<string>;
  /** Ends the process with a signal and starts another one with the same settings. */
  restart(signal: NodeJS.Signals): Promise<void>;
}

export async function executorProcess(environment: Record<string, string> = {}): Promise<ExecutorProcess> {
  const manifest = (await readManifests(path.join(ROOT, 'runtimes'))).find((one) => one.default);
  if (!manifest?.versions[0]) throw new Error('No manifest says that its runtime is the default.');
  const folder = await temporaryFolder({ 'storage/.keep': '' });
  const [port = 0] = await freePorts(1);
  const name = `opr-e2e-${port}`;
  const settings = {
    OPR_EXECUTOR_SECRET: SECRET,
    OPR_EXECUTOR_PORT: String(port),
    OPR_EXECUTOR_NAME: name,
    OPR_EXECUTOR_NETWORK: name,
    OPR_EXECUTOR_WORK_FOLDER: path.join(folder.path, 'work'),
    OPR_EXECUTOR_CONNECTION_STORAGE: `file://localhost${folder.path}/storage`,
    ...environment,
  };
  let child = await launch(settings);
  const call: ExecutorProcess['call'] = ({ method = 'GET', path: target, body, headers = {} }) =>
    fetch(`http://127.0.0.1:${port}${target}`, {
      method,
      headers: {
        authorization: `Bearer ${SECRET}`,
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
  const image = imageName(manifest, manifest.versions[0]);
  return {
    url: `http://127.0.0.1:${port}`,
    name,
    folder: folder.path,
    image,
    entrypoint: manifest.entrypoint,
    install: manifest.install,
    fixture: path.join(ROOT, 'runtimes', manifest.name, 'fixture'),
    get pid() {
      return child.pid ?? Number.NaN;
    },
    call,
    build: async (fixture) => {
      const source = path.join(ROOT, 'runtimes', manifest.name, 'fixture', fixture);
      await promisify(execFile)('tar', ['-czf', path.join(folder.path, 'storage/source.tar.gz'), '-C', source, '.']);
      const command = `tar -zxf /tmp/code.tar.gz -C /mnt/code && bash helpers/build.sh "${manifest.install}"`;
      const body = {
        runtimeId: 'build',
        image,
        entrypoint: manifest.entrypoint,
        source: 'source.tar.gz',
        destination: 'artifacts',
        command,
        remove: true,
      };
      const response = await call({ method: 'POST', path: '/v1/runtimes', body });
      const built = (await response.json()) as { path?: string; message?: string };
      if (built.path === undefined) throw new Error(built.message);
      return built.path;
    },
    restart: async (signal) => {
      await end(child, signal);
      child = await launch(settings);
    },
    async [Symbol.asyncDispose]() {
      await end(child, 'SIGTERM');
      await purgeDocker({ owner: name });
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function launch(environment: Record<string, string>): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['src/main/executor.ts'], {
    cwd: ROOT,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    lines.push(line);
    if (line.includes('the executor listens')) {
      child.stdout.resume();
      return child;
    }
  }
  throw new Error(`The executor ended before it listened:\n${lines.join('\n')}`);
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill(signal);
  await ended;
}
