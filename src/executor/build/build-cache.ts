// The build cache of a function: fetched before its build and stored after it. Trouble with it becomes a line of
// output.

import path from 'node:path';
import { StorageError } from '../../storage/storage.ts';
import type { Executor } from '../executor.ts';
import { formatTimestamp, type OutputEntry } from './output.ts';
import { isRegularFile } from '../files/untrusted-file.ts';
import type { WorkFolder } from '../files/work-folder.ts';

interface CacheRequest {
  executor: Executor;
  /** Empty: no cache. */
  cacheKey: string;
  folder: WorkFolder;
  signal: AbortSignal;
}

export async function fetchBuildCache({ executor, cacheKey, folder, signal }: CacheRequest): Promise<OutputEntry[]> {
  if (cacheKey === '') return [];
  return warnings(signal, () =>
    executor.cacheStorage.download({ key: objectKey(cacheKey), file: fileIn(folder), signal }),
  );
}

export async function storeBuildCache({ executor, cacheKey, folder, signal }: CacheRequest): Promise<OutputEntry[]> {
  if (cacheKey === '' || !(await isRegularFile(fileIn(folder)))) return [];
  return warnings(signal, () =>
    executor.cacheStorage.upload({ file: fileIn(folder), key: objectKey(cacheKey), signal }),
  );
}

function objectKey(cacheKey: string): string {
  return `build-cache/${cacheKey}/lz4-b1M/stores.sqfs`;
}

function fileIn(folder: WorkFolder): string {
  return path.join(folder.at('cache'), 'stores.sqfs');
}

async function warnings(signal: AbortSignal, action: () => Promise<unknown>): Promise<OutputEntry[]> {
  try {
    await action();
    return [];
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof StorageError && error.code === 'not_found') return [];
    return [
      {
        timestamp: formatTimestamp(Date.now()),
        content: `[build cache] Warning: ${error instanceof Error ? error.message : String(error)}\n`,
      },
    ];
  }
}
