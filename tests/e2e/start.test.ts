// Runs `npm start` as a user would: the function answers, and Ctrl-C leaves nothing behind, whenever it is pressed.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import Docker from 'dockerode';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const docker = new Docker();

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
  const network = `open-runtimes-start-${pid}`;
  const [networks, containers] = await Promise.all([docker.listNetworks(), docker.listContainers({ all: true })]);
  return {
    networks: networks.filter(({ Name }) => Name === network).length,
    containers: containers.filter(({ NetworkSettings }) => network in NetworkSettings.Networks).length,
  };
}

const NOTHING_LEFT = { code: 0, files: [], networks: 0, containers: 0 };

test.each<NodeJS.Signals>(['SIGINT', 'SIGTERM'])(
  'the example is served until %s, which leaves nothing behind',
  async (signal) => {
    await using started = await startWith([]);
    await started.says('Ctrl-C ends it');
    const url = /curl (\S+)/.exec(started.output())?.[1] ?? '';
    const response = await fetch(`${url}some/path?a=b`, { method: 'POST', body: 'x' });
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

test.each([
  ['a path with nothing there', ['/no/such/folder'], 'There is nothing at /no/such/folder.'],
  ['an unknown runtime', ['--runtime', 'invented'], 'There is no runtime "invented".'],
])('%s is answered at once, in words', async (_what, words, message) => {
  await using started = await startWith(words);
  expect(await started.closed()).toBe(1);
  expect(started.output()).toContain(message);
});
