// Fetches an image that turns out to be missing when an instance of it is to start.

import { AdapterError } from '../../adapters/adapter.ts';
import type { Executor } from '../executor.ts';

interface ImageStart<T> {
  executor: Pick<Executor, 'adapter' | 'log'>;
  image: string;
  signal: AbortSignal;
  start: () => Promise<T>;
}

/** Runs a start, once more if its image had to be fetched. The fetching goes on for others when the signal aborts. */
export async function withImage<T>({ executor, image, signal, start }: ImageStart<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (!(error instanceof AdapterError) || error.code !== 'image_missing') throw error;
  }
  executor.log.info({ image }, 'an image is missing and is pulled');
  signal.throwIfAborted();
  await unlessAborted({ action: executor.adapter.pull({ image }), signal });
  return start();
}

/** What an action comes to, or the signal's reason, if that aborts first; the action goes on for others. */
export async function unlessAborted<T>({ action, signal }: { action: Promise<T>; signal: AbortSignal }): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason as Error);
  signal.addEventListener('abort', abort);
  try {
    return await Promise.race([action, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
