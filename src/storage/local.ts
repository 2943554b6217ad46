// The storage in a folder of this host.

import { mkdir, realpath, unlink } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { copyWhole, NotRegularError } from './copy.ts';
import { parseKey } from './key.ts';
import { StorageError, type Storage } from './storage.ts';

/** Keys are paths below the root; one that already is an absolute path below it stands for itself. */
export function openLocalStorage({ root }: { root: string }): Storage {
  const base = resolve(root);

  function locate(key: string): string {
    const path = join(sep, ...parseKey(key));
    return isBelow({ base, path }) ? path : join(base, path);
  }

  /** Resolves links, and sees to it that they do not lead out of the root. */
  async function confine({ key, path }: { key: string; path: string }): Promise<string> {
    const real = await realpath(path);
    if (isBelow({ base: await realpath(base), path: real })) return real;
    throw new StorageError({
      code: 'bad_key',
      message: `The storage key ${key} leads out of the storage along a link.`,
    });
  }

  /** The folder of an object to be, with what is missing of it made one by one, so that no link leads out meanwhile. */
  async function prepareFolder({ key, folder }: { key: string; folder: string }): Promise<string> {
    try {
      return await confine({ key, path: folder });
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw error;
    }
    const made = join(await prepareFolder({ key, folder: dirname(folder) }), basename(folder));
    await mkdir(made).catch((error: unknown) => {
      if (codeOf(error) !== 'EEXIST') throw error;
    });
    return confine({ key, path: made });
  }

  async function download({
    key,
    file,
    signal,
  }: {
    key: string;
    file: string;
    signal: AbortSignal;
  }): Promise<{ bytes: number }> {
    const from = await confine({ key, path: locate(key) }).catch((cause: unknown) => {
      throw MISSING.has(codeOf(cause)) ? missing({ key, cause }) : cause;
    });
    try {
      return { bytes: await copyWhole({ from, to: file, durable: false, signal }) };
    } catch (error) {
      throw error instanceof NotRegularError ? missing({ key, cause: error }) : error;
    }
  }

  async function upload({
    file,
    key,
    signal,
  }: {
    file: string;
    key: string;
    signal: AbortSignal;
  }): Promise<{ bytes: number }> {
    const path = locate(key);
    await mkdir(base, { recursive: true });
    const to = join(await prepareFolder({ key, folder: dirname(path) }), basename(path));
    return { bytes: await copyWhole({ from: file, to, durable: true, signal }) };
  }

  async function remove({ key }: { key: string }): Promise<void> {
    const path = locate(key);
    try {
      await unlink(join(await confine({ key, path: dirname(path) }), basename(path)));
    } catch (error) {
      if (!MISSING.has(codeOf(error))) throw error;
    }
  }

  return {
    download: (request) =>
      attempt({ doing: `read ${request.key} from`, action: () => download(request), signal: request.signal }),
    upload: (request) =>
      attempt({ doing: `write ${request.key} to`, action: () => upload(request), signal: request.signal }),
    remove: (request) => attempt({ doing: `remove ${request.key} from`, action: () => remove(request) }),
    [Symbol.asyncDispose]: async () => {},
  };
}

// A file in the place of a folder means as well that what is below it does not exist.
const MISSING = new Set<unknown>(['ENOENT', 'ENOTDIR']);

function isBelow({ base, path }: { base: string; path: string }): boolean {
  const way = relative(base, path);
  return way !== '..' && !way.startsWith(`..${sep}`);
}

function missing({ key, cause }: { key: string; cause: unknown }): StorageError {
  return new StorageError({ code: 'not_found', message: `There is no object ${key} in the storage.`, cause });
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

async function attempt<T>({
  doing,
  action,
  signal,
}: {
  doing: string;
  action: () => Promise<T>;
  signal?: AbortSignal;
}): Promise<T> {
  try {
    return await action();
  } catch (cause) {
    if (signal?.aborted || cause instanceof StorageError) throw cause;
    throw new StorageError({
      code: 'failed',
      message: `Could not ${doing} the storage: ${cause instanceof Error ? cause.message : String(cause)}`,
      cause,
    });
  }
}
