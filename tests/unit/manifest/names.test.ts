// Tests the names of images.

import { expect, test } from 'vitest';
import { aliasName, imageName, imagesOf } from '../../../src/manifest/names.ts';
import { manifestSchema } from '../../../src/manifest/schema.ts';

const red = {
  name: 'red',
  title: 'R',
  image: 'red.x',
  alias: 'r',
  versions: [{ version: '16.0' }],
  entrypoint: 'a',
  install: '',
};
const version = { version: '16.0', suite: 'bookworm', arguments: {} };

test('an image has its own name and the one that existing executors ask for', () => {
  const manifest = manifestSchema.parse(red);
  expect([imageName(manifest, version), aliasName(manifest, version)]).toEqual([
    'open-runtimes/red.x:16.0',
    'openruntimes/r:v5-16.0',
  ]);
});

test('a language that is not compiled has one image', () => {
  expect(imagesOf(manifestSchema.parse(red), version)).toEqual([
    { name: 'open-runtimes/red.x:16.0', alias: 'openruntimes/r:v5-16.0' },
  ]);
});

test('a language that is compiled has a second image, which only serves', () => {
  expect(imagesOf(manifestSchema.parse({ ...red, pack: 'binary' }), version)).toEqual([
    { name: 'open-runtimes/red.x:16.0', alias: 'openruntimes/r:v5-16.0' },
    { stage: 'serve', name: 'open-runtimes/red.x:16.0-serve', alias: 'openruntimes/r:v5-16.0-serve' },
  ]);
});
