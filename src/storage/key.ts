// What a key of the storage may look like.

import { StorageError } from './storage.ts';

/** The parts of a key, none of which leads upwards. Throws `StorageError` `bad_key`. */
export function parseKey(key: string): string[] {
  const parts = key.split('/').filter((part) => part !== '' && part !== '.');
  if (parts.length === 0 || key.endsWith('/') || parts.includes('..') || key.includes('\0')) {
    throw new StorageError({
      code: 'bad_key',
      message: `The storage key ${JSON.stringify(key)} is not the path of a file.`,
    });
  }
  return parts;
}
