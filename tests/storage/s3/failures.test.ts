// What is said when a bucket cannot be used, and what comes back when it can again.

import { createHash } from 'node:crypto';
import { watch } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { openStorage } from '../../../src/storage/open.ts';
import { type TemporaryFolder, temporaryFolder } from '../../support/folder.ts';
import { openProxy } from '../../support/proxy.ts';
import { READER, type S3Server, startS3Server } from '../../support/s3-server.ts';

const signal = AbortSignal.timeout(600_000);
let server: S3Server;
let folder: TemporaryFolder;

beforeAll(async () => {
  server = await startS3Server({ buckets: ['bucket'] });
});
afterAll(() => server[Symbol.asyncDispose]());
beforeEach(async () => {
  folder = await temporaryFolder({ file: 'text' });
});
afterEach(() => folder[Symbol.asyncDispose]());

const file = () => path.join(folder.path, 'file');
const copy = () => path.join(folder.path, 'copy');

test.each([
  {
    what: 'a missing bucket',
    dsn: { bucket: 'nowhere' },
    code: 'refused',
    message: /there is no bucket nowhere at http.*Create it, or let the DSN name another/,
  },
  {
    what: 'an unknown key',
    dsn: { bucket: 'bucket', key: 'stranger' },
    code: 'refused',
    message: /does not know the key.*Mend the DSN/,
  },
  {
    what: 'a wrong secret',
    dsn: { bucket: 'bucket', secret: 'hidden' },
    code: 'refused',
    message: /the secret is another.*Mend the DSN/,
  },
  {
    what: 'a port where nothing listens',
    dsn: { bucket: 'bucket', at: 'http://127.0.0.1:1' },
    code: 'unavailable',
    message: /does not answer .*Is it running/,
  },
  {
    what: 'a host that does not exist',
    dsn: { bucket: 'bucket', at: 'http://nowhere.invalid' },
    code: 'unavailable',
    message: /does not answer .*Is it running/,
  },
])('$what is $code by every method, with what to do and without secrets', async ({ dsn, code, message }) => {
  await using storage = openStorage({ dsn: server.dsn(dsn) });
  const refusal = { name: 'StorageError', code, message: expect.stringMatching(message) };
  await expect(storage.upload({ file: file(), key: 'a', signal })).rejects.toMatchObject(refusal);
  await expect(storage.download({ key: 'a', file: copy(), signal })).rejects.toMatchObject(refusal);
  await expect(storage.remove({ key: 'a' })).rejects.toMatchObject(refusal);
  await expect(storage.remove({ key: 'a' })).rejects.not.toThrow('hidden');
});

test('a key that may only read is told so when it writes', async () => {
  await using storage = openStorage({
    dsn: server.dsn({ bucket: 'bucket', key: READER.accessKey, secret: READER.secretKey }),
  });
  await expect(storage.upload({ file: file(), key: 'a', signal })).rejects.toMatchObject({
    code: 'refused',
    message: expect.stringMatching(/the key may not do that.*Allow it/),
  });
  await expect(storage.download({ key: 'a', file: copy(), signal })).rejects.toMatchObject({ code: 'not_found' });
});

test('a storage that went away is unavailable, and serves again once it is back', async () => {
  await using proxy = await openProxy({
    from: { host: '127.0.0.1' },
    to: { host: '127.0.0.1', port: Number(new URL(server.endpoint).port) },
  });
  await using storage = openStorage({ dsn: server.dsn({ bucket: 'bucket', at: `http://127.0.0.1:${proxy.port}` }) });
  await storage.upload({ file: file(), key: 'kept', signal });
  await proxy.takeAway();
  await expect(storage.download({ key: 'kept', file: copy(), signal })).rejects.toMatchObject({ code: 'unavailable' });
  await expect(storage.upload({ file: file(), key: 'new', signal })).rejects.toMatchObject({ code: 'unavailable' });
  expect(await readdir(folder.path)).toEqual(['file']);
  await proxy.giveBack();
  expect(await storage.download({ key: 'kept', file: copy(), signal })).toEqual({ bytes: 4 });
  await storage.upload({ file: file(), key: 'new', signal });
});

test('a storage that goes away half-way through a large file leaves none', async () => {
  await using proxy = await openProxy({
    from: { host: '127.0.0.1' },
    to: { host: '127.0.0.1', port: Number(new URL(server.endpoint).port) },
  });
  await using storage = openStorage({ dsn: server.dsn({ bucket: 'bucket', at: `http://127.0.0.1:${proxy.port}` }) });
  await writeFile(file(), Buffer.alloc(30_000_000));
  await storage.upload({ file: file(), key: 'large', signal });
  const watcher = watch(folder.path, () => void proxy.takeAway().then(() => watcher.close()));
  await expect(storage.download({ key: 'large', file: copy(), signal })).rejects.toMatchObject({ code: 'unavailable' });
  expect(await readdir(folder.path)).toEqual(['file']);
});

test('what came is compared with what was stored', async () => {
  await using storage = openStorage({ dsn: server.dsn({ bucket: 'bucket' }) });
  const store = (Body: string, digestOf: string) =>
    server.client.send(
      new PutObjectCommand({
        Bucket: 'bucket',
        Key: 'a',
        Body,
        Metadata: { sha256: createHash('sha256').update(digestOf).digest('hex') },
      }),
    );
  await store('changed', 'stored');
  await expect(storage.download({ key: 'a', file: copy(), signal })).rejects.toMatchObject({
    code: 'failed',
    message: expect.stringContaining('not what was stored'),
  });
  expect(await readdir(folder.path)).toEqual(['file']);
  await store('stored', 'stored');
  expect(await storage.download({ key: 'a', file: copy(), signal })).toEqual({ bytes: 6 });
});

test('an object that somebody else has stored is read as well', async () => {
  await using storage = openStorage({ dsn: server.dsn({ bucket: 'bucket' }) });
  await server.client.send(new PutObjectCommand({ Bucket: 'bucket', Key: 'theirs', Body: 'text' }));
  await storage.download({ key: '/theirs', file: copy(), signal });
  expect(await readFile(copy(), 'utf8')).toBe('text');
});

test('storages below different prefixes of a bucket do not see each other’s objects', async () => {
  await using one = openStorage({ dsn: server.dsn({ bucket: 'bucket/one' }) });
  await using two = openStorage({ dsn: server.dsn({ bucket: 'bucket/two' }) });
  await one.upload({ file: file(), key: 'a', signal });
  await expect(two.download({ key: 'a', file: copy(), signal })).rejects.toMatchObject({ code: 'not_found' });
});

test('a file of 100 MB passes both ways with little of it in memory', async () => {
  await using storage = openStorage({ dsn: server.dsn({ bucket: 'bucket' }) });
  await writeFile(file(), Buffer.alloc(100_000_000, 'text'));
  await storage.upload({ file: file(), key: 'warm', signal });
  let most = 0;
  const before = process.memoryUsage.rss();
  const watching = setInterval(() => (most = Math.max(most, process.memoryUsage.rss() - before)), 5);
  await storage.upload({ file: file(), key: 'large', signal });
  await storage.download({ key: 'large', file: copy(), signal });
  clearInterval(watching);
  expect(most).toBeLessThan(60_000_000);
});
