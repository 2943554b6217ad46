// The storage in a folder never leaves its folder.

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

test('an object is the same under its absolute path and under its path below the root', async () => {
  await upload({ key: join(root, 'a/b'), content: 'text' });
  expect(await download('a/b')).toEqual({ bytes: 4 });
  expect(await readFile(join(root, 'a/b'), 'utf8')).toBe('text');
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
    await expect(storage.upload({ file: join(root, 'secret'), key: 'new', signal })).rejects.toMatchObject({
      code: 'failed',
    });
    expect(await readdir(root)).not.toContain('new');
  });
});
