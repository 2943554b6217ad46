// Tests which runtimes are measured.

import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { targetName } from '../../../scripts/build/select.ts';
import { chooseSubjects } from '../../bench/subjects.ts';

const FOLDER = path.join(import.meta.dirname, '../../bench/runtimes');

test('every folder of a bare server is that of a runtime, and measured in its default version', async () => {
  const subjects = await chooseSubjects([]);
  expect(subjects.map(({ target }) => target.manifest.name)).toEqual((await readdir(FOLDER)).toSorted());
  expect(subjects.map(({ target }) => target.version)).toEqual(subjects.map(({ target }) => target.manifest.versions[0]));
});

test('every bare server lies beside the function that answers the same', async () => {
  for (const { target, bareFolder, helloFolder } of await chooseSubjects([])) {
    expect(existsSync(bareFolder)).toBe(true);
    expect(existsSync(path.join(helloFolder, target.manifest.entrypoint))).toBe(true);
  }
});

test('another version is measured when it is named, and no other of that runtime', async () => {
  const manifests = (await chooseSubjects([])).map(({ target }) => target.manifest);
  const oldest = manifests.map(({ name, versions }) => `${name}:${versions.at(-1)?.version}`);
  const named = await chooseSubjects(oldest);
  expect(named.map(({ target }) => targetName(target))).toEqual(oldest);
});

test('a name that is no runtime is refused', async () => {
  await expect(chooseSubjects(['no-such-runtime'])).rejects.toThrow('There is no runtime "no-such-runtime".');
});
