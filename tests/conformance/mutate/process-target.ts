// A target that is a server of ours without its image: a copy of its files, started as a plain process.

import { type ChildProcess, fork } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { environmentOf } from '../targets/in-process.ts';
import { type Server, type Setup, StartFailed, type Target } from '../targets/target.ts';

interface ProcessOptions {
  /** The server's own folder, the fixture beside it. */
  folder: string;
  entrypoint: string;
  /** The files that differ from that folder's. */
  changed: Readonly<Record<string, string>>;
}

export async function processTarget({ folder, entrypoint, changed }: ProcessOptions): Promise<Target> {
  return {
    name: folder,
    abilities: new Set([
      'environment',
      'fixtures',
      'entrypoint',
      'control',
      'logs',
      'log-files',
      'timings',
      'manifest',
    ]),
    exceptions: [],
    entrypoint,
    checks: await checksOf(path.join(folder, '../fixture/checks')),
    start: (setup) => startProcess({ folder, changed, setup }),
    [Symbol.asyncDispose]: async () => {},
  };
}

/** Those that need no build: nobody installs here what one depends on. */
async function checksOf(checks: string): Promise<string[]> {
  const names = await readdir(checks);
  const packages = await Promise.all(
    names.map((name) => readFile(path.join(checks, name, 'package.json'), 'utf8').catch(() => '')),
  );
  return names.filter((_, index) => packages[index]?.includes('"dependencies"') !== true).toSorted();
}

async function startProcess({
  folder,
  changed,
  setup,
}: Pick<ProcessOptions, 'folder' | 'changed'> & { setup: Setup }): Promise<Server> {
  const own = await mkdtemp(path.join(tmpdir(), 'mutant-'));
  const [server, logs] = [path.join(own, 'server'), path.join(own, 'logs')];
  await cp(folder, server, { recursive: true });
  await cp(path.join(folder, '../fixture', setup.fixture ?? 'function'), path.join(server, 'function'), {
    recursive: true,
  });
  await mkdir(logs);
  for (const [file, text] of Object.entries(changed)) await writeFile(path.join(server, file), text);
  const environment = environmentOf(setup);
  const child = fork(path.join(import.meta.dirname, 'launch.cjs'), [server, logs], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    execArgv: [],
  });
  const timings = path.join(logs, 'timings.txt');
  const readLog = (id: string, kind: string): Promise<string> =>
    readFile(path.join(logs, `${id}_${kind}.log`), 'utf8').catch(() => '');
  return {
    host: '127.0.0.1',
    port: await portOf(child),
    secret: environment['OPEN_RUNTIMES_SECRET'] ?? '',
    readLogs: async (id) => ({ logs: await readLog(id, 'logs'), errors: await readLog(id, 'errors') }),
    listLogFiles: async () => (await readdir(logs)).filter((name) => name.endsWith('.log')),
    writeTimings: (text) => (text === null ? rm(timings, { force: true }) : writeFile(timings, text)),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await rm(own, { recursive: true, force: true });
    },
  };
}

/** @throws StartFailed if it ends instead of listening. */
function portOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('message', (port) => resolve(port as number));
    child.once('exit', (code) => reject(new StartFailed({ exitCode: code ?? 1, output: '' })));
  });
}
