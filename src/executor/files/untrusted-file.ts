// Reads files that a function has written: regular ones only, never through a link, never more than asked for.

import { constants } from 'node:fs';
import { open, unlink } from 'node:fs/promises';

/** The beginning of a file, and its whole size; undefined if there is no regular file of that name. */
export async function readUntrusted({
  file,
  maxBytes,
  from = 0,
}: {
  file: string;
  maxBytes: number;
  from?: number;
}): Promise<{ bytes: Buffer; size: number } | undefined> {
  const handle = await openUntrusted(file);
  if (!handle) return undefined;
  try {
    const { size } = await handle.stat();
    const bytes = Buffer.alloc(Math.max(0, Math.min(maxBytes, size - from)));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, from);
    return { bytes: bytes.subarray(0, bytesRead), size };
  } finally {
    await handle.close();
  }
}

/** Whether there is a regular file of that name. */
export async function isRegularFile(file: string): Promise<boolean> {
  const handle = await openUntrusted(file);
  await handle?.close();
  return handle !== undefined;
}

/**
 * Takes the name away, whatever it stands for, unless it stands for a folder: those go with the runtime, when nobody
 * can exchange one for a link while we are on our way down.
 */
export async function removeUntrusted(file: string): Promise<void> {
  try {
    await unlink(file);
  } catch (error) {
    // A folder is EISDIR on Linux and EPERM elsewhere.
    if (!['ENOENT', 'EISDIR', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

// O_NOFOLLOW refuses links, O_NONBLOCK keeps a named pipe from holding us up until somebody writes to it.
async function openUntrusted(file: string) {
  try {
    const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
  } catch (error) {
    if (!EXPECTED.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
  return undefined;
}

const EXPECTED = new Set(['ENOENT', 'ELOOP', 'ENOTDIR', 'ENXIO', 'EACCES']);
