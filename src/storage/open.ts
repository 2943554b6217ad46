// Opens the storage that a DSN names.

import { openLocalStorage } from './local.ts';
import type { Storage } from './storage.ts';

/** `file://localhost` is the whole file system of this host, `file://localhost/some/folder` a part. Throws `RangeError`. */
export function openStorage({ dsn }: { dsn: string }): Storage {
  const url = URL.parse(dsn);
  // The DSN may hold a password and therefore appears in no message.
  if (!url) throw new RangeError('The storage DSN is not a URL such as file://localhost or file://localhost/some/folder.');
  if (url.protocol !== 'file:') throw new RangeError(`The storage DSN begins with ${url.protocol}//, but only file:// is supported.`);
  // The URL standard leaves out the host localhost.
  if (url.hostname !== '') throw new RangeError(`The storage DSN names the host ${url.hostname}, but files are only on localhost.`);
  return openLocalStorage({ root: decodeURIComponent(url.pathname) || '/' });
}
