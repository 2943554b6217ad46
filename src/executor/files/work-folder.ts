// The folder of a runtime on this host: what it shares with its instance, and who may write there.

import { chmod, chown, mkdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { Mount } from '../../adapters/adapter.ts';
import {
  BUILD_FOLDER,
  CACHE_FOLDER,
  CODE_FOLDER,
  FUNCTION_FOLDER,
  LOGS_FOLDER,
  RUNTIME_GID,
  RUNTIME_UID,
  STANDBY_FOLDER,
  TELEMETRY_FOLDER,
} from '../../contract/paths.ts';

// By name in the work folder: where the instance sees it. On disk, so that code does not count as the instance's
// memory.
const SHARED = {
  src: '/tmp',
  builds: CODE_FOLDER,
  logs: LOGS_FOLDER,
  logging: '/tmp/logging',
  telemetry: TELEMETRY_FOLDER,
  function: FUNCTION_FOLDER,
  build: BUILD_FOLDER,
} as const;

// What only some have: the build cache, the gate.
const EXTRA = { cache: CACHE_FOLDER, standby: STANDBY_FOLDER } as const;

export type OptionalFolder = keyof typeof EXTRA;
export type SharedFolder = keyof typeof SHARED | OptionalFolder;

export interface WorkFolder {
  /** The path of a shared folder on this host. */
  at(folder: SharedFolder): string;
  mounts: Mount[];
}

/** Makes a runtime's folders, all empty and its own. */
export async function makeWorkFolder({ root, extra }: { root: string; extra: OptionalFolder[] }): Promise<WorkFolder> {
  const shared: Record<string, string> = { ...SHARED, ...Object.fromEntries(extra.map((name) => [name, EXTRA[name]])) };
  await rm(root, { recursive: true, force: true });
  // Others of this host may pass through, to what is theirs, and see nothing on the way.
  await mkdir(root, { recursive: true, mode: 0o711 });
  await chmod(root, 0o711);
  await Promise.all([...Object.keys(shared), 'src/logging'].map((name) => makeOwn(path.join(root, name))));
  return workFolderAt({ root, shared });
}

/** The folders of a runtime that is already there. */
export function openWorkFolder({ root }: { root: string }): WorkFolder {
  return workFolderAt({ root, shared: SHARED });
}

/** Gives a work folder another name; instances that see what is in it go on doing so. */
export async function moveWorkFolder({ from, to }: { from: string; to: string }): Promise<void> {
  try {
    await rename(from, to);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    await rm(to, { recursive: true, force: true });
    await rename(from, to);
  }
}

export async function removeWorkFolder({ root }: { root: string }): Promise<void> {
  await rm(root, { recursive: true, force: true });
}

function workFolderAt({ root, shared }: { root: string; shared: Record<string, string> }): WorkFolder {
  return {
    at: (folder) => path.join(root, folder),
    mounts: Object.entries(shared).map(([name, target]) => ({ source: path.join(root, name), target })),
  };
}

/** Without root, a folder cannot be given to the instance's user; then everybody may write there. */
async function makeOwn(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await chown(folder, RUNTIME_UID, RUNTIME_GID);
  await chmod(folder, isRoot ? 0o755 : 0o777);
}
