// Tests how the user's code is opened.

import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { $ } from 'zx';
import { openSource } from '../../../../scripts/start/source.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const open = (root: string, file: string) =>
  openSource({ location: path.join(root, file), scratch: path.join(root, 'scratch') });

test('a folder is taken as it is', async () => {
  await using folder = await temporaryFolder({
    'My Function/a.x': '',
    'My Function/b/c.x': '',
    'My Function/.git/HEAD': '',
  });
  expect(await open(folder.path, 'My Function')).toEqual({
    name: 'my-function',
    folder: path.join(folder.path, 'My Function'),
    files: ['a.x', 'b'],
  });
});

test.each(['tar.gz', 'zip'])('a .%s is unpacked, and a single folder in it is entered', async (ending) => {
  await using folder = await temporaryFolder({ 'hello/a.x': '', 'hello/b.x': '' });
  const archive = path.join(folder.path, `hello.${ending}`);
  await (ending === 'zip'
    ? $({ cwd: folder.path })`zip -qr ${archive} hello`
    : $`tar -czf ${archive} -C ${folder.path} hello`);
  expect(await open(folder.path, `hello.${ending}`)).toMatchObject({ name: 'hello', files: ['a.x', 'b.x'] });
});

test.each([
  ['gone', 'There is nothing at'],
  ['empty', 'is empty; there is no function in it.'],
  ['text.txt', 'is neither a folder nor a .tar.gz nor a .zip.'],
  ['broken.zip', 'cannot be unpacked.'],
  ['broken.tar.gz', 'cannot be unpacked.'],
])('%s: %s', async (file, message) => {
  await using folder = await temporaryFolder({ 'text.txt': 'x', 'broken.zip': 'x', 'broken.tar.gz': 'x' });
  await mkdir(path.join(folder.path, 'empty'));
  await expect(open(folder.path, file)).rejects.toThrow(message);
});
