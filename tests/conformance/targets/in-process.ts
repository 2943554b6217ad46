// A target in this process: fakes, which prove the suite itself.

import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type Behaviour, CORRECT } from '../fakes/behaviour.ts';
import { listen } from '../fakes/listen.ts';
import { ENTRYPOINT } from '../fakes/loader.ts';
import { createFake } from '../fakes/server.ts';
import { DEFAULT_ENVIRONMENT, type Server, type Setup, type Target } from './target.ts';

/** A fake that keeps the contract but for what `faults` replaces. */
export function inProcessTarget({ name, faults = {} }: { name: string; faults?: Partial<Behaviour> }): Target {
  return {
    name,
    abilities: new Set(['environment', 'fixtures', 'entrypoint', 'control', 'logs', 'log-files', 'timings']),
    exceptions: [],
    entrypoint: ENTRYPOINT,
    checks: [],
    start: (setup) => startFake({ ...CORRECT, ...faults }, setup),
    [Symbol.asyncDispose]: async () => {},
  };
}

/** The environment of a set-up: the suite's own with the set-up's variables over it. */
export function environmentOf({ environment = {} }: Setup): Record<string, string> {
  const entries = Object.entries<string | null>({ ...DEFAULT_ENVIRONMENT, ...environment });
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null));
}

export async function startFake(behaviour: Behaviour, setup: Setup): Promise<Server> {
  const folder = await mkdtemp(path.join(tmpdir(), 'conformance-'));
  const environment = environmentOf(setup);
  const timingsFile = path.join(folder, 'timings.txt');
  const http = createFake({
    behaviour,
    environment,
    fixture: setup.fixture ?? 'function',
    logFolder: folder,
    timingsFile,
  });
  const listening = await listen({ http, behaviour });
  const readLog = (id: string, kind: string): Promise<string> =>
    readFile(path.join(folder, `${id}_${kind}.log`), 'utf8').catch(() => '');
  return {
    host: listening.host,
    port: listening.port,
    secret: environment['OPEN_RUNTIMES_SECRET'] ?? '',
    readLogs: async (id) => ({ logs: await readLog(id, 'logs'), errors: await readLog(id, 'errors') }),
    listLogFiles: async () => (await readdir(folder)).filter((name) => name.endsWith('.log')),
    writeTimings: (text) => (text === null ? rm(timingsFile, { force: true }) : writeFile(timingsFile, text)),
    async [Symbol.asyncDispose]() {
      await listening[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
