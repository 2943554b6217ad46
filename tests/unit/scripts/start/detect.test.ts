// Tests how the runtime and the entrypoint of some code are found.

import { expect, test } from 'vitest';
import { type Target, targetName } from '../../../../scripts/build/select.ts';
import { detect } from '../../../../scripts/start/detect.ts';
import { manifestSchema } from '../../../../src/manifest/schema.ts';

function targetsOf(name: string, extra: object): Target[] {
  const versions = [{ version: '2' }, { version: '1' }];
  const manifest = manifestSchema.parse({
    name,
    title: name,
    image: name,
    alias: name,
    versions,
    install: '',
    ...extra,
  });
  return manifest.versions.map((version) => ({ manifest, version, folder: '/' }));
}

const targets = [
  ...targetsOf('red', { entrypoint: 'main.red', detect: ['red.json', '*.red'] }),
  ...targetsOf('blue', { entrypoint: 'index.blue', detect: ['*.blue'] }),
];

test.each([
  ['the entrypoint', { files: ['main.red', 'x.blue'] }, 'red:2', 'main.red'],
  ['an ending', { files: ['other.blue'] }, 'blue:2', 'other.blue'],
  ['a file that the language uses', { files: ['red.json', 'start.red'] }, 'red:2', 'start.red'],
  ["the user's word", { files: ['index.blue', 'main.red'], runtime: 'blue' }, 'blue:2', 'index.blue'],
  ["the user's word on the version", { files: ['main.red'], runtime: 'red:1' }, 'red:1', 'main.red'],
  ["the user's word on the file", { files: ['a.red', 'b.red'], entrypoint: 'b.red' }, 'red:2', 'b.red'],
])('%s tells', (_what, request, name, entrypoint) => {
  const found = detect({ targets, ...request });
  expect([targetName(found.target), found.entrypoint]).toEqual([name, entrypoint]);
});

test.each([
  ['an unknown language', { files: ['a.txt'] }, 'Say which it is: --runtime NAME. There are: red blue'],
  ['several languages', { files: ['a.red', 'a.blue'] }, 'could be for several runtimes'],
  [
    'several files',
    { files: ['a.red', 'b.red'] },
    'There is no main.red. Say which file is the function: --entrypoint FILE',
  ],
  [
    'an unknown runtime',
    { files: ['a.red'], runtime: 'green' },
    'There is no runtime "green". There are: red:2 red:1 blue:2 blue:1',
  ],
])('%s is answered with what to add', (_what, request, message) => {
  expect(() => detect({ targets, ...request })).toThrow(message);
});
