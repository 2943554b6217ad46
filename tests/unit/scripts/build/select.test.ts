// Tests how images are chosen on the command line.

import { expect, test } from 'vitest';
import { select, targetName } from '../../../../scripts/build/select.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const manifest = (name: string, versions: string[]) =>
  JSON.stringify({
    name,
    title: name,
    image: name,
    alias: name,
    versions: versions.map((version) => ({ version })),
    entrypoint: 'a',
    install: '',
  });
const files = {
  'red/runtime.json': manifest('red', ['2', '1.0']),
  'blue/runtime.json': manifest('blue', ['7']),
  'shared/setup.sh': '',
};

test.each([
  [[], ['blue:7', 'red:2', 'red:1.0']],
  [['red'], ['red:2', 'red:1.0']],
  [['red:1.0'], ['red:1.0']],
  [
    ['red:1.0', 'red', 'blue:7'],
    ['blue:7', 'red:2', 'red:1.0'],
  ],
])('%j chooses %j', async (words, names) => {
  await using folder = await temporaryFolder(files);
  expect((await select({ words, folder: folder.path })).map(targetName)).toEqual(names);
});

test.each(['green', 'red:3', ''])('%j is answered with what there is', async (word) => {
  await using folder = await temporaryFolder(files);
  await expect(select({ words: [word], folder: folder.path })).rejects.toThrow(
    `There is no runtime "${word}". There are: blue:7 red:2 red:1.0`,
  );
});
