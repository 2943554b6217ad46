// The folders of this machine that containers under examination see, gone at the end.

import { chmod, chown, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { RUNTIME_GID, RUNTIME_UID } from '../../../../src/contract/paths.ts';
import type { Logs } from '../target.ts';

const ROOT = process.getuid?.() === 0;

export interface Folders extends AsyncDisposable {
  /** The folder that holds them all. */
  root: string;
  /** A new folder that containers may write, with a copy of another's contents if one is named. */
  make(from?: string): Promise<string>;
}

export async function openFolders(): Promise<Folders> {
  const root = await mkdtemp(path.join(tmpdir(), 'open-runtimes-conformance-'));
  // The user of the containers is none of this machine's; without root, only a folder that is everybody's can be its
  // own.
  await chmod(root, 0o711);
  let count = 0;
  return {
    root,
    make: async (from) => {
      const folder = path.join(root, String((count += 1)));
      await mkdir(folder);
      if (from !== undefined) await cp(from, folder, { recursive: true, verbatimSymlinks: true });
      await giveAway(folder);
      return folder;
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

async function giveAway(folder: string): Promise<void> {
  if (ROOT) await chown(folder, RUNTIME_UID, RUNTIME_GID);
  await chmod(folder, ROOT ? 0o755 : 0o777);
}

export async function readLogFiles(folder: string, id: string): Promise<Logs> {
  const [logs, errors] = await Promise.all(
    ['logs', 'errors'].map((kind) => readIfThere(path.join(folder, `${id}_${kind}.log`))),
  );
  return { logs: logs ?? '', errors: errors ?? '' };
}

export async function listLogFiles(folder: string): Promise<string[]> {
  return (await readdir(folder)).toSorted();
}

export async function replaceTimings(folder: string, text: string | null): Promise<void> {
  const file = path.join(folder, 'timings.txt');
  await (text === null ? rm(file, { force: true }) : writeFile(file, text));
}

export async function readIfThere(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
}
