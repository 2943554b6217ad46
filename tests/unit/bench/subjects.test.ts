// Tests which runtimes are measured.

import { existsSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { RUNTIMES_FOLDER, targetName } from '../../../scripts/build/select.ts';
import { readManifests } from '../../../src/manifest/read.ts';
import { chooseSubjects } from '../../bench/subjects.ts';

test('every runtime is measured in its default version', async () => {
  const subjects = await chooseSubjects([]);
  expect(subjects.map(({ target }) => target.manifest.name)).toEqual(
    (await readManifests(RUNTIMES_FOLDER)).map(({ name }) => name),
  );
  expect(subjects.map(({ target }) => target.version)).toEqual(
    subjects.map(({ target }) => target.manifest.versions[0]),
  );
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
