// The storage in a bucket of Amazon S3, or of anything else that speaks its protocol.

import { parseKey } from './key.ts';
import type { Bucket } from './s3/dsn.ts';
import { toStorageError } from './s3/errors.ts';
import type { Limits, Objects } from './s3/objects.ts';
import type { Storage } from './storage.ts';

const LIMITS: Limits = { connect: 5_000, silence: 30_000, attempts: 3 };

/** Keys are those of objects, below the bucket's prefix; a leading slash means nothing. */
export function openS3Storage(bucket: Bucket, limits = LIMITS): Storage {
  // The SDK takes 0.1 s and 30 MB to load, so only those load it who need it, and nothing waits for it at the start.
  const opening = import('./s3/objects.ts').then(({ openObjects }) => openObjects(bucket, limits));
  opening.catch(() => {});

  async function attempt<T>({
    doing,
    key,
    signal,
    action,
  }: {
    doing: string;
    key: string;
    signal?: AbortSignal;
    action: (objects: Objects, key: string) => Promise<T>;
  }): Promise<T> {
    const objectKey = bucket.prefix + parseKey(key).join('/');
    try {
      return await action(await opening, objectKey);
    } catch (cause) {
      if (signal?.aborted) throw signal.reason;
      throw toStorageError({ bucket, doing, key, cause });
    }
  }

  return {
    download: ({ key, file, signal }) =>
      attempt({
        doing: `read ${key} from`,
        key,
        signal,
        action: async (objects, objectKey) => ({ bytes: await objects.download({ key: objectKey, file, signal }) }),
      }),
    upload: ({ file, key, signal }) =>
      attempt({
        doing: `write ${key} to`,
        key,
        signal,
        action: async (objects, objectKey) => ({ bytes: await objects.upload({ file, key: objectKey, signal }) }),
      }),
    remove: ({ key }) =>
      attempt({
        doing: `remove ${key} from`,
        key,
        action: async (objects, objectKey) => void (await objects.remove({ key: objectKey })),
      }),
    [Symbol.asyncDispose]: async () => (await opening).close(),
  };
}
