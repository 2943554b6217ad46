// A folder on a file system of its own that is soon full.

import { execFile } from 'node:child_process';
import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

/** Mounting takes root, and a kernel that has such file systems. */
export const canHaveSmallDisk = process.platform === 'linux' && process.getuid?.() === 0;

export async function smallDisk({ megabytes }: { megabytes: number }): Promise<AsyncDisposable & { path: string }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'open-runtimes-small-'));
  await promisify(execFile)('mount', [
    '-t',
    'tmpfs',
    '-o',
    `size=${megabytes}m,mode=0711`,
    'open-runtimes-test',
    folder,
  ]);
  return {
    path: folder,
    async [Symbol.asyncDispose]() {
      await promisify(execFile)('umount', [folder]);
      await rmdir(folder);
    },
  };
}
