// Tests how manifests are read.

import { expect, test } from 'vitest';
import { parseManifest, readManifests } from '../../../src/manifest/read.ts';
import { temporaryFolder } from '../../support/folder.ts';

const red = {
  name: 'red',
  title: 'Red',
  image: 'red',
  alias: 'red',
  versions: [{ version: '1.10' }],
  entrypoint: 'a',
  install: '',
};

test('every folder with a manifest is read, in the order of names', async () => {
  await using folder = await temporaryFolder({
    'red/runtime.json': JSON.stringify(red),
    'blue/runtime.json': JSON.stringify({ ...red, name: 'blue' }),
    'shared/setup.sh': '',
    'runtime.schema.json': '{}',
  });
  expect((await readManifests(folder.path)).map(({ name }) => name)).toEqual(['blue', 'red']);
});

test('what a manifest leaves out gets its default', () => {
  const manifest = parseManifest({ file: 'f', text: JSON.stringify(red) });
  expect(manifest).toMatchObject({
    contract: 'v5',
    start: 'bash helpers/server.sh',
    pack: 'source',
    exceptions: [],
    versions: [{ suite: 'bookworm', arguments: {} }],
  });
});

test.each([
  ['{', 'f is not JSON'],
  [JSON.stringify({ ...red, versions: [] }), 'versions'],
  [JSON.stringify({ ...red, colour: 'red' }), 'colour'],
  [JSON.stringify({ ...red, exceptions: [{ case: 'a', reason: 'too short' }] }), 'exceptions[0].reason'],
])('%s is refused, naming what is wrong', (text, message) => {
  expect(() => parseManifest({ file: 'f', text })).toThrow(message);
});
