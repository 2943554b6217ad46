// Opening a storage by its DSN.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { openStorage } from '../../../src/storage/open.ts';

test.each(['', '/', '/with%20space'])('file://localhost%s opens a folder of this host', async (path) => {
  const parent = await mkdtemp(join(tmpdir(), 'storage-'));
  try {
    const root = path === '' ? '' : pathToFileURL(parent).pathname + path;
    await using storage = openStorage({ dsn: `file://localhost${root}` });
    const source = join(parent, 'source');
    await writeFile(source, 'content');
    const key = join(parent, decodeURIComponent(path), 'object');
    expect(await storage.upload({ file: source, key, signal: AbortSignal.timeout(5000) })).toEqual({ bytes: 7 });
    expect(await storage.download({ key, file: join(parent, 'copy'), signal: AbortSignal.timeout(5000) })).toEqual({
      bytes: 7,
    });
  } finally {
    await rm(parent, { recursive: true });
  }
});

test.each([
  { dsn: '', message: 'not a URL' },
  { dsn: '/a/path', message: 'not a URL' },
  { dsn: 'file://elsewhere/folder', message: 'host elsewhere' },
  { dsn: 'gs://key:hidden@host/bucket', message: 'begins with gs://' },
  { dsn: 's3://key:hid/hidden@host/bucket', message: '/ is written %2F' },
  { dsn: 's3://key:%hidden@host/bucket', message: 'not followed by two hexadecimal digits' },
  { dsn: 's3://hidden@host/bucket', message: 'lacks a key or a secret' },
  { dsn: 's3://key:hidden@host/', message: 'names no bucket' },
  { dsn: 's3://key:hidden@host/bucket?url=http://:x', message: 'no address' },
])('the DSN "$dsn" is refused, without repeating what may be secret', ({ dsn, message }) => {
  const opening = () => openStorage({ dsn });
  expect(opening).toThrow(message);
  expect(opening).not.toThrow('hidden');
});
