// Copies a file so that the copy is complete or absent, however the copying ends.

import { randomUUID } from 'node:crypto';
import { constants, createWriteStream } from 'node:fs';
import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';

interface Copy {
  from: string;
  to: string;
  /** Whether the copy must outlast a power failure; costs a wait for the disk. */
  durable: boolean;
  signal: AbortSignal;
}

/** Returns the number of bytes. Throws `NotRegularError`, errors of the file system and the signal's reason. */
export async function copyWhole({ from, to, durable, signal }: Copy): Promise<number> {
  signal.throwIfAborted();
  // Functions write some of these folders: a link could lead anywhere, and opening a pipe could wait for ever.
  const source = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  const unfinished = join(dirname(to), `.${basename(to).slice(0, 100)}.${randomUUID()}.part`);
  try {
    if (!(await source.stat()).isFile()) throw new NotRegularError(from);
    const target = createWriteStream(unfinished, { flags: 'wx', flush: durable });
    await pipeline(source.createReadStream({ autoClose: false }), target, { signal });
    await rename(unfinished, to);
    return target.bytesWritten;
  } catch (error) {
    await rm(unfinished, { force: true });
    throw signal.aborted ? signal.reason : error;
  } finally {
    await source.close();
  }
}

/** Thrown for folders, devices, pipes and sockets. */
export class NotRegularError extends Error {
  constructor(path: string) {
    super(`${path} is not a regular file.`);
    this.name = 'NotRegularError';
  }
}
