// The suite that every storage passes: the promises of the port, one by one.

import { execFileSync } from 'node:child_process';
import { watch } from 'node:fs';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as immediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Storage } from '../../src/storage/storage.ts';
import { type TemporaryFolder, temporaryFolder } from '../support/folder.ts';

/** What the suite must be told of a storage. */
export interface Harness {
  /** Opens a storage with nothing in it. `folder` is there for the time of one test. */
  open(request: { folder: string }): Promise<Storage>;
  /** Whatever the storage keeps, unfinished things included. */
  everything(): Promise<string[]>;
}

const LARGE = Buffer.from(Array.from({ length: 20_000_003 }, (_, index) => index % 251));

/** Defines the tests of a storage. */
export function testStorage({ title, harness }: { title: string; harness: Harness }): void {
  describe(`storage ${title}`, () => {
    const signal = AbortSignal.timeout(600_000);
    let folder: TemporaryFolder;
    let storage: Storage;

    beforeEach(async () => {
      folder = await temporaryFolder();
      storage = await harness.open({ folder: join(folder.path, 'storage') });
      await mkdir(join(folder.path, 'files'));
    });
    afterEach(async () => {
      await storage[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    });

    const at = (name: string) => join(folder.path, 'files', name);
    const files = () => readdir(join(folder.path, 'files'));
    const download = (key: string) => storage.download({ key, file: at('copy'), signal });
    async function upload({ key, content }: { key: string; content: string | Buffer }) {
      await writeFile(at('source'), content);
      return storage.upload({ file: at('source'), key, signal });
    }

    test.each([
      'artifact.tar.gz',
      'one/two/three',
      '/absolute/artifact',
      './here',
      'a//b',
      '...',
      'ünï/código',
      'a b+c&d=e%20f?g#h',
    ])('an object uploaded as %s is downloaded unchanged', async (key) => {
      const content = Buffer.from(Array.from({ length: 300_000 }, (_, index) => index % 251));
      expect(await upload({ key, content })).toEqual({ bytes: 300_000 });
      expect(await download(key)).toEqual({ bytes: 300_000 });
      expect(await readFile(at('copy'))).toEqual(content);
    });

    test.each([
      ['without content', Buffer.alloc(0)],
      ['of 20 MB', LARGE],
    ])('an object %s is downloaded unchanged', async (_what, content) => {
      expect(await upload({ key: 'a', content })).toEqual({ bytes: content.length });
      expect(await download('a')).toEqual({ bytes: content.length });
      expect(content.equals(await readFile(at('copy')))).toBe(true);
    });

    test('an object is replaced by the next upload', async () => {
      await upload({ key: 'a', content: 'a long first text' });
      await upload({ key: 'a', content: 'second' });
      await download('a');
      expect(await readFile(at('copy'), 'utf8')).toBe('second');
    });

    test('an object can be removed, again and again', async () => {
      await upload({ key: 'a/b', content: 'text' });
      await storage.remove({ key: 'a/b' });
      await storage.remove({ key: 'a/b' });
      await storage.remove({ key: 'never/was' });
      await expect(download('a/b')).rejects.toMatchObject({ code: 'not_found' });
    });

    test('many objects are written and read at once', async () => {
      const keys = Array.from({ length: 30 }, (_, index) => `many/${index}`);
      await writeFile(at('source'), 'text');
      await Promise.all(keys.map((key) => storage.upload({ file: at('source'), key, signal })));
      await Promise.all(keys.map((key) => storage.download({ key, file: at(key.replace('/', '-')), signal })));
      expect((await files()).filter((name) => name.startsWith('many-'))).toHaveLength(30);
    });

    test.each(['missing', 'missing/below', 'file/below', 'folder'])(
      '%s, which is no object, is not found and leaves no file',
      async (key) => {
        await upload({ key: 'file', content: 'text' });
        await upload({ key: 'folder/file', content: 'text' });
        const before = await files();
        await expect(download(key)).rejects.toMatchObject({
          name: 'StorageError',
          code: 'not_found',
          message: expect.stringContaining(key),
        });
        expect(await files()).toEqual(before);
      },
    );

    test.each(['', '/', '.', '..', '../outside', 'a/../../outside', '/../outside', 'a/', 'nul\0'])(
      'the key %j is refused by every method',
      async (key) => {
        const refusal = { name: 'StorageError', code: 'bad_key' };
        await expect(upload({ key, content: 'text' })).rejects.toMatchObject(refusal);
        await expect(download(key)).rejects.toMatchObject(refusal);
        await expect(storage.remove({ key })).rejects.toMatchObject(refusal);
      },
    );

    describe('a file to upload', () => {
      test('that is a pipe is refused at once', async () => {
        execFileSync('mkfifo', [at('pipe')]);
        await expect(storage.upload({ file: at('pipe'), key: 'a', signal })).rejects.toMatchObject({
          code: 'failed',
          message: expect.stringContaining('not a regular file'),
        });
        expect(await harness.everything()).toEqual([]);
      });

      test('that is a link is not followed', async () => {
        await writeFile(at('secret'), 'secret');
        await symlink(at('secret'), at('link'));
        await expect(storage.upload({ file: at('link'), key: 'a', signal })).rejects.toMatchObject({ code: 'failed' });
        expect(await harness.everything()).toEqual([]);
      });

      test('that is not there is an error that names it', async () => {
        await expect(storage.upload({ file: at('nothing'), key: 'a', signal })).rejects.toMatchObject({
          code: 'failed',
          message: expect.stringContaining('nothing'),
        });
      });
    });

    test('a folder that is not there cannot be downloaded into', async () => {
      await upload({ key: 'a', content: 'text' });
      await expect(storage.download({ key: 'a', file: at('none/copy'), signal })).rejects.toMatchObject({
        name: 'StorageError',
        code: 'failed',
      });
    });

    describe('an abort', () => {
      test.each(['download', 'upload'] as const)('before a %s begins throws its reason', async (method) => {
        await upload({ key: 'a', content: 'before' });
        const request = { key: 'a', file: at('source'), signal: AbortSignal.abort(new Error('enough')) };
        await expect(storage[method](request)).rejects.toThrow('enough');
      });

      test('half-way through a download leaves what was there', async () => {
        await upload({ key: 'large', content: LARGE });
        await writeFile(at('copy'), 'before');
        const before = await files();
        const abort = new AbortController();
        // The copy under way is a file of its own: from then on there is something to take back.
        const watcher = watch(join(folder.path, 'files'), () => abort.abort(new Error('enough')));
        await expect(storage.download({ key: 'large', file: at('copy'), signal: abort.signal })).rejects.toThrow(
          'enough',
        );
        watcher.close();
        expect(await files()).toEqual(before);
        expect(await readFile(at('copy'), 'utf8')).toBe('before');
      });

      test('half-way through an upload leaves what was there', async () => {
        await upload({ key: 'a', content: 'before' });
        await writeFile(at('large'), LARGE);
        const before = await harness.everything();
        const abort = new AbortController();
        const uploading = storage.upload({ file: at('large'), key: 'a', signal: abort.signal });
        const over = new AbortController();
        const end = () => over.abort();
        uploading.then(end, end);
        while (!over.signal.aborted && (await harness.everything()).length === before.length) await immediate();
        abort.abort(new Error('enough'));
        await expect(uploading).rejects.toThrow('enough');
        expect(await harness.everything()).toEqual(before);
        await download('a');
        expect(await readFile(at('copy'), 'utf8')).toBe('before');
      });
    });
  });
}
