// Tests that files which a function made cannot lead the executor astray.

import { execFile } from 'node:child_process';
import { readdir, symlink } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { readUntrusted, removeUntrusted } from '../../../../src/executor/files/untrusted-file.ts';
import { temporaryFolder } from '../../../support/folder.ts';

test('a regular file is read up to the limit, and its size told', async () => {
  await using folder = await temporaryFolder({ 'a.log': '0123456789' });
  const found = await readUntrusted({ file: `${folder.path}/a.log`, maxBytes: 4 });
  expect([found?.bytes.toString(), found?.size]).toEqual(['0123', 10]);
});

test('a link is not followed', async () => {
  await using folder = await temporaryFolder({ secret: 'of the host' });
  await symlink(`${folder.path}/secret`, `${folder.path}/a.log`);
  expect(await readUntrusted({ file: `${folder.path}/a.log`, maxBytes: 100 })).toBeUndefined();
});

test('a named pipe does not hold anybody up', async () => {
  await using folder = await temporaryFolder();
  await promisify(execFile)('mkfifo', [`${folder.path}/a.log`]);
  expect(await readUntrusted({ file: `${folder.path}/a.log`, maxBytes: 100 })).toBeUndefined();
});

test.each(['missing', '.'])('%s is no file', async (name) => {
  await using folder = await temporaryFolder();
  expect(await readUntrusted({ file: `${folder.path}/${name}`, maxBytes: 100 })).toBeUndefined();
});

test('what a function put in the place of a file is removed, and never what lies behind it', async () => {
  await using folder = await temporaryFolder({ secret: 'of the host', 'folder/file': 'within' });
  await symlink(`${folder.path}/secret`, `${folder.path}/a.log`);
  for (const name of ['a.log', 'folder', 'missing']) await removeUntrusted(`${folder.path}/${name}`);
  expect((await readdir(folder.path, { recursive: true })).toSorted()).toEqual(['folder', 'folder/file', 'secret']);
});
