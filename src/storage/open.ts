// Opens the storage that a DSN names.

import { openLocalStorage } from './local.ts';
import { readS3Dsn } from './s3/dsn.ts';
import { openS3Storage } from './s3.ts';
import type { Storage } from './storage.ts';

/**
 * `file://localhost` is the whole file system of this host, `file://localhost/some/folder` a part;
 * `s3://key:secret@host/bucket?region=…` a bucket. Throws `RangeError`.
 */
export function openStorage({ dsn }: { dsn: string }): Storage {
  const url = URL.parse(dsn);
  // The DSN may hold a password and therefore appears in no message.
  if (!url)
    throw new RangeError(
      'The storage DSN is not a URL such as file://localhost/some/folder or ' +
        's3://key:secret@host/bucket?region=eu-1; in a key or secret, / is written %2F, @ is %40, # is %23.',
    );
  if (url.protocol === 's3:') return openS3Storage(readS3Dsn(url));
  if (url.protocol !== 'file:')
    throw new RangeError(`The storage DSN begins with ${url.protocol}//, but only file:// and s3:// are supported.`);
  // The URL standard leaves out the host localhost.
  if (url.hostname !== '')
    throw new RangeError(`The storage DSN names the host ${url.hostname}, but files are only on localhost.`);
  return openLocalStorage({ root: decodeURIComponent(url.pathname) || '/' });
}
