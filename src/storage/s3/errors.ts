// Turns what a bucket and its client report into the storage's own errors, which say what to do.

import { StorageError } from '../storage.ts';
import type { Bucket } from './dsn.ts';

const WRONG_CREDENTIALS = new Set([
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
  'InvalidToken',
  'AuthorizationHeaderMalformed',
  'InvalidSecurity',
]);
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

interface Failure {
  bucket: Bucket;
  /** Such as `read <key> from`. */
  doing: string;
  key: string;
  cause: unknown;
}

export function toStorageError({ bucket, doing, key, cause }: Failure): StorageError {
  const { name, status, code, words } = describe(cause);
  const where = `the bucket ${bucket.name} at ${bucket.endpoint ?? `Amazon S3 in ${bucket.region}`}`;
  const error = (kind: StorageError['code'], message: string) => new StorageError({ code: kind, message, cause });
  if (name === 'NoSuchKey') return error('not_found', `There is no object ${key} in the storage.`);
  if (name === 'NoSuchBucket')
    return error(
      'refused',
      `Could not ${doing} the storage: there is no bucket ${bucket.name} at ` +
        `${bucket.endpoint ?? 'Amazon S3'}. Create it, or let the DSN name another.`,
    );
  if (WRONG_CREDENTIALS.has(name))
    return error(
      'refused',
      `Could not ${doing} ${where}: it does not know the key, or the secret is another (${words}). Mend ` +
        `the DSN; in it, / is written %2F, + is %2B, @ is %40.`,
    );
  if (status === 403)
    return error(
      'refused',
      `Could not ${doing} ${where}: the key may not do that (${words}). Allow it to read, write, delete and list.`,
    );
  if (name === 'PermanentRedirect' || status === 301)
    return error(
      'refused',
      `Could not ${doing} ${where}: the bucket is in another region. Let the DSN say which with region=.`,
    );
  if (UNREACHABLE.has(code) || name === 'TimeoutError')
    return error(
      'unavailable',
      `Could not ${doing} ${where}: it does not answer (${words}). Is it running, and is the address in the DSN right?`,
    );
  if (status !== undefined && (status >= 500 || status === 429))
    return error('unavailable', `Could not ${doing} ${where}: it answers ${status} (${words}).`);
  return error('failed', `Could not ${doing} ${where}: ${words}`);
}

function describe(cause: unknown): { name: string; status: number | undefined; code: string; words: string } {
  if (!(cause instanceof Error)) return { name: '', status: undefined, code: '', words: String(cause) };
  const { name, message, code, $metadata } = cause as Error & {
    code?: unknown;
    $metadata?: { httpStatusCode?: number };
  };
  // Several addresses that all refuse are one error without words.
  return { name, status: $metadata?.httpStatusCode, code: String(code ?? ''), words: message || String(code ?? name) };
}
