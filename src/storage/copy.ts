// Writes and copies files so that each is complete or absent, however the writing ends.

import { randomUUID } from 'node:crypto';
import { constants, createWriteStream } from 'node:fs';
import { type FileHandle, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

interface Target {
  to: string;
  /** Whether the file must outlast a power failure; costs a wait for the disk. */
  durable: boolean;
  signal: AbortSignal;
}

/** Returns the number of bytes. Throws `NotRegularError`, errors of the file system and the signal's reason. */
export async function copyWhole({ from, ...target }: { from: string } & Target): Promise<number> {
  target.signal.throwIfAborted();
  await using source = await openRegular(from);
  return await writeWhole({ source: source.createReadStream({ autoClose: false }), ...target });
}

/** Returns the number of bytes. Throws what the source throws, errors of the file system and the signal's reason. */
export async function writeWhole({
  source,
  to,
  durable,
  signal,
}: { source: AsyncIterable<Uint8Array> } & Target): Promise<number> {
  const unfinished = join(dirname(to), `.${basename(to).slice(0, 100)}.${randomUUID()}.part`);
  try {
    const target = createWriteStream(unfinished, { flags: 'wx', flush: durable });
    await pipeline(source, target, { signal });
    await rename(unfinished, to);
    return target.bytesWritten;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw signal.aborted ? signal.reason : error;
  }
}

/**
 * Opens a file for reading. Functions write some folders: a link could lead anywhere, and opening a pipe could wait for
 * ever.
 */
export async function openRegular(file: string): Promise<FileHandle> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  try {
    if ((await handle.stat()).isFile()) return handle;
    throw new NotRegularError(file);
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** Thrown for folders, devices, pipes and sockets. */
export class NotRegularError extends Error {
  constructor(path: string) {
    super(`${path} is not a regular file.`);
    this.name = 'NotRegularError';
  }
}
