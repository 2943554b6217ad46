// Runs `npm start` as a user would: the function answers, and Ctrl-C leaves nothing behind, whenever it is pressed.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test, vi } from 'vitest';
import { readManifests } from '../../src/manifest/read.ts';
import { openEngine } from '../support/engine.ts';
import { temporaryFolder } from '../support/folder.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const docker = openEngine();

type Started = Awaited<ReturnType<typeof startWith>>;

/** `npm start` with its temporary files in a folder of its own. */
async function startWith(words: string[]) {
  const folder = await temporaryFolder();
  const child = spawn(process.execPath, ['scripts/start.ts', ...words], {
    cwd: ROOT,
    env: { ...process.env, TMPDIR: folder.path },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const listeners = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      for (const listener of listeners) listener();
    });
  }
  return {
    output: () => output,
    /** Where its function answers, once it has said so. */
    url: () => /curl (\S+)/.exec(output)?.[1] ?? '',
    /** Resolves once the output holds the text; rejects if the process ends before. */
    says: (text: string) =>
      new Promise<void>((resolve, reject) => {
        const look = () => output.includes(text) && resolve();
        listeners.add(look);
        child.once('close', () => reject(new Error(`It ended without saying "${text}":\n${output}`)));
        look();
      }),
    /** Ends it, and returns its exit code and what it left in its temporary folder and in the engine. */
    end: async (signal: NodeJS.Signals) => {
      child.kill(signal);
      await closed(child);
      return { code: child.exitCode, files: await readdir(folder.path), ...(await leftInEngine(child.pid ?? 0)) };
    },
    closed: () => closed(child),
    async [Symbol.asyncDispose]() {
      child.kill('SIGTERM');
      await closed(child);
      await folder[Symbol.asyncDispose]();
    },
  };
}

async function closed(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  return child.exitCode;
}

async function leftInEngine(pid: number) {
  const isOurs = (network: string) => network.startsWith(`open-runtimes-start-${pid}-`);
  const [networks, containers] = await Promise.all([docker.listNetworks(), docker.listContainers({ all: true })]);
  return {
    networks: networks.filter(({ Name }) => isOurs(Name)).length,
    containers: containers.filter(({ NetworkSettings }) => Object.keys(NetworkSettings.Networks).some(isOurs)).length,
  };
}

// Each goes from an empty folder to an answer, on machines that have other work too.
vi.setConfig({ testTimeout: 300_000 });

const NOTHING_LEFT = { code: 0, files: [], networks: 0, containers: 0 };

test.each<NodeJS.Signals>(['SIGINT', 'SIGTERM'])(
  'the example is served until %s, which leaves nothing behind',
  async (signal) => {
    await using started = await startWith([]);
    await started.says('Ctrl-C ends it');
    const response = await fetch(`${started.url()}some/path?a=b`, { method: 'POST', body: 'x' });
    expect(response.status).toBe(200);
    await response.text();
    expect(await started.end(signal)).toEqual(NOTHING_LEFT);
  },
);

test.each(['Docker Engine', 'Image', 'Executor', 'Build of', 'Start of'])(
  'Ctrl-C as the step after "%s" begins leaves nothing behind',
  async (step) => {
    await using started = await startWith([]);
    await started.says(`✓ ${step}`);
    expect(await started.end('SIGINT')).toEqual(NOTHING_LEFT);
  },
);

test('two at once, of functions that are called alike, both serve, and one ends without the other', async () => {
  const manifest = (await readManifests(path.join(ROOT, 'runtimes'))).find((one) => one.default);
  await using folder = await temporaryFolder();
  const functions = ['a', 'b'].map((parent) => path.join(folder.path, parent, 'hello'));
  for (const copy of functions)
    await cp(path.join(ROOT, 'runtimes', manifest?.name ?? '', 'example'), copy, { recursive: true });
  const [one, other] = await Promise.all(functions.map((copy) => startWith([copy])));
  await using first = one as Started;
  await using second = other as Started;
  await Promise.all([first.says('Ctrl-C ends it'), second.says('Ctrl-C ends it')]);
  const statuses = await Promise.all([first, second].map(async ({ url }) => (await fetch(url())).status));
  expect(statuses).toEqual([200, 200]);
  expect(await first.end('SIGINT')).toEqual(NOTHING_LEFT);
  expect((await fetch(second.url())).status).toBe(200);
  expect(await second.end('SIGINT')).toEqual(NOTHING_LEFT);
});

test.each([
  { words: [], members: ['code', 'message', 'type', 'version'] },
  { words: ['--development'], members: ['code', 'file', 'line', 'message', 'trace', 'type', 'version'] },
])('with the words $words errors of its executor have the members $members', async ({ words, members }) => {
  await using started = await startWith(words);
  await started.says('Ctrl-C ends it');
  const response = await fetch(new URL('/v1/runtimes', started.url()));
  expect(Object.keys((await response.json()) as object).toSorted()).toEqual(members);
});

test.each([
  ['a path with nothing there', ['/no/such/folder'], 'There is nothing at /no/such/folder.'],
  ['an unknown runtime', ['--runtime', 'invented'], 'There is no runtime "invented".'],
])('%s is answered at once, in words', async (_what, words, message) => {
  await using started = await startWith(words);
  expect(await started.closed()).toBe(1);
  expect(started.output()).toContain(message);
});
