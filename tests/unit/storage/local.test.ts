// The storage in a folder keeps the promises of the port, and never leaves its folder.

import { execFileSync } from 'node:child_process';
import { watch } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLocalStorage } from '../../../src/storage/local.ts';
import type { Storage } from '../../../src/storage/storage.ts';

let folder: string;
let root: string;
let storage: Storage;
const signal = AbortSignal.timeout(600_000);

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'storage-'));
  root = join(folder, 'root');
  storage = openLocalStorage({ root });
});
afterEach(() => rm(folder, { recursive: true }));

async function upload({ key, content }: { key: string; content: string | Buffer }) {
  await writeFile(join(folder, 'source'), content);
  return storage.upload({ file: join(folder, 'source'), key, signal });
}

const download = (key: string) => storage.download({ key, file: join(folder, 'copy'), signal });
const everything = () => readdir(folder, { recursive: true });

describe('an object', () => {
  test.each(['artifact.tar.gz', 'one/two/three', '/absolute/artifact', './here', 'a//b', '...', 'ünï/código'])('uploaded as %s is downloaded unchanged', async (key) => {
    const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
    expect(await upload({ key, content })).toEqual({ bytes: 300_000 });
    expect(await download(key)).toEqual({ bytes: 300_000 });
    expect(await readFile(join(folder, 'copy'))).toEqual(content);
  });

  test('is the same under its absolute path and under its path below the root', async () => {
    await upload({ key: join(root, 'a/b'), content: 'text' });
    expect(await download('a/b')).toEqual({ bytes: 4 });
    expect(await readFile(join(root, 'a/b'), 'utf8')).toBe('text');
  });

  test('is replaced by the next upload', async () => {
    await upload({ key: 'a', content: 'a long first text' });
    await upload({ key: 'a', content: 'second' });
    await download('a');
    expect(await readFile(join(folder, 'copy'), 'utf8')).toBe('second');
  });

  test('can be removed, again and again', async () => {
    await upload({ key: 'a/b', content: 'text' });
    await storage.remove({ key: 'a/b' });
    await storage.remove({ key: 'a/b' });
    await storage.remove({ key: 'never/was' });
    await expect(download('a/b')).rejects.toMatchObject({ code: 'not_found' });
  });
});

test.each(['missing', 'missing/below', 'file/below', 'folder'])('%s, which is no object, is not found and leaves no file', async (key) => {
  await upload({ key: 'file', content: 'text' });
  await mkdir(join(root, 'folder'));
  const before = await everything();
  await expect(download(key)).rejects.toMatchObject({ name: 'StorageError', code: 'not_found', message: expect.stringContaining(key) });
  expect(await everything()).toEqual(before);
});

test.each(['', '/', '.', '..', '../outside', 'a/../../outside', '/../outside', 'a/', 'nul\0'])('the key %j is refused by every method', async (key) => {
  const refusal = { name: 'StorageError', code: 'bad_key' };
  await expect(upload({ key, content: 'text' })).rejects.toMatchObject(refusal);
  await expect(download(key)).rejects.toMatchObject(refusal);
  await expect(storage.remove({ key })).rejects.toMatchObject(refusal);
});

describe('links', () => {
  beforeEach(async () => {
    await mkdir(join(folder, 'outside'));
    await writeFile(join(folder, 'outside/secret'), 'secret');
    await mkdir(join(root, 'inside'), { recursive: true });
    await writeFile(join(root, 'inside/file'), 'text');
    await symlink(join(folder, 'outside'), join(root, 'way-out'));
    await symlink(join(folder, 'outside/secret'), join(root, 'secret'));
    await symlink('inside', join(root, 'way-in'));
  });

  test.each(['way-out/secret', 'secret'])('that lead out are not followed when reading %s', async (key) => {
    await expect(download(key)).rejects.toMatchObject({ code: 'bad_key' });
  });

  test.each(['way-out/new', 'way-out/new/deep/er'])('that lead out are not followed when writing %s', async (key) => {
    await expect(upload({ key, content: 'text' })).rejects.toMatchObject({ code: 'bad_key' });
    expect(await readdir(join(folder, 'outside'))).toEqual(['secret']);
  });

  test('that lead out are not followed when removing, and are themselves replaced when written', async () => {
    await expect(storage.remove({ key: 'way-out/secret' })).rejects.toMatchObject({ code: 'bad_key' });
    await upload({ key: 'secret', content: 'text' });
    expect(await readFile(join(folder, 'outside/secret'), 'utf8')).toBe('secret');
    expect(await download('secret')).toEqual({ bytes: 4 });
  });

  test('within the storage are followed', async () => {
    expect(await download('way-in/file')).toEqual({ bytes: 4 });
  });

  test('are not followed where an upload is read from', async () => {
    await expect(storage.upload({ file: join(root, 'secret'), key: 'new', signal })).rejects.toMatchObject({ code: 'failed' });
    expect(await readdir(root)).not.toContain('new');
  });
});

test('a pipe in the place of a file to upload is refused at once', async () => {
  execFileSync('mkfifo', [join(folder, 'pipe')]);
  await expect(storage.upload({ file: join(folder, 'pipe'), key: 'a', signal })).rejects.toMatchObject({ code: 'failed', message: expect.stringContaining('not a regular file') });
  expect(await readdir(root)).toEqual([]);
});

test.each(['download', 'upload'] as const)('an %s that is aborted half-way throws the reason and leaves what was there', async (method) => {
  await upload({ key: 'a', content: 'before' });
  await writeFile(join(folder, 'copy'), 'before');
  const large = Buffer.alloc(20_000_000);
  await writeFile(join(folder, 'large'), large);
  await storage.upload({ file: join(folder, 'large'), key: 'large', signal });
  const before = await everything();
  const abort = new AbortController();
  // The copy under way is a file of its own: from then on there is something to take back.
  watch(method === 'download' ? folder : root, { signal: abort.signal }, () => abort.abort(new Error('enough')));
  const copying =
    method === 'download'
      ? storage.download({ key: 'large', file: join(folder, 'copy'), signal: abort.signal })
      : storage.upload({ file: join(folder, 'large'), key: 'a', signal: abort.signal });
  await expect(copying).rejects.toThrow('enough');
  expect(await everything()).toEqual(before);
  expect(await readFile(join(folder, 'copy'), 'utf8')).toBe('before');
  expect(await readFile(join(root, 'a'), 'utf8')).toBe('before');
});
