// How often and how long the storage in a bucket tries, against a server that misbehaves.

import { createServer, type RequestListener } from 'node:http';
import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openS3Storage } from '../../../../src/storage/s3.ts';
import { type TemporaryFolder, temporaryFolder } from '../../../support/folder.ts';

const LIMITS = { connect: 1_000, silence: 200, attempts: 3 };
const signal = AbortSignal.timeout(60_000);
let folder: TemporaryFolder;

beforeEach(async () => {
  folder = await temporaryFolder({ file: 'text' });
});
afterEach(() => folder[Symbol.asyncDispose]());

/** A storage whose server answers as told, and how many requests have come. */
async function serve(listener: RequestListener) {
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    request.resume();
    listener(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const storage = openS3Storage(
    { endpoint, region: 'us-east-1', name: 'bucket', prefix: '', accessKeyId: 'key', secretAccessKey: 'secret' },
    LIMITS,
  );
  return {
    requests: () => requests,
    download: () => storage.download({ key: 'a', file: path.join(folder.path, 'copy'), signal }),
    upload: () => storage.upload({ key: 'a', file: path.join(folder.path, 'file'), signal }),
    async [Symbol.asyncDispose]() {
      await storage[Symbol.asyncDispose]();
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

test.each(['download', 'upload'] as const)(
  'a %s is tried three times where the server has trouble of its own',
  async (method) => {
    await using stub = await serve((_request, response) => response.writeHead(503).end());
    await expect(stub[method]()).rejects.toMatchObject({
      code: 'unavailable',
      message: expect.stringContaining('503'),
    });
    expect(stub.requests()).toBe(3);
  },
);

test.each(['download', 'upload'] as const)('a %s that is refused is not tried again', async (method) => {
  await using stub = await serve((_request, response) => response.writeHead(403).end());
  await expect(stub[method]()).rejects.toMatchObject({ code: 'refused' });
  expect(stub.requests()).toBe(1);
});

test.each(['download', 'upload'] as const)('a %s that nobody answers ends', async (method) => {
  await using stub = await serve(() => {});
  await expect(stub[method]()).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('does not answer'),
  });
});

test('a download that falls silent half-way ends and leaves no file', async () => {
  await using stub = await serve(
    (_request, response) => void response.writeHead(200, { 'content-length': 10 }).write('half'),
  );
  await expect(stub.download()).rejects.toMatchObject({ name: 'StorageError', code: 'unavailable' });
  expect(await readdir(folder.path)).toEqual(['file']);
});

test('a download whose connection breaks half-way leaves no file', async () => {
  await using stub = await serve(
    (_request, response) =>
      void response.writeHead(200, { 'content-length': 10 }).write('half', () => response.destroy()),
  );
  await expect(stub.download()).rejects.toMatchObject({ name: 'StorageError', code: 'unavailable' });
  expect(await readdir(folder.path)).toEqual(['file']);
});

test('a server that is no storage is said to be none', async () => {
  await using stub = await serve((_request, response) =>
    response.writeHead(404, { 'content-type': 'text/html' }).end('<html>nginx</html>'),
  );
  await expect(stub.download()).rejects.toMatchObject({
    code: 'failed',
    message: expect.stringContaining('http://127.0.0.1'),
  });
});
