// Tests the names of images.

import { expect, test } from 'vitest';
import { aliasName, imageName } from '../../../src/manifest/names.ts';
import { manifestSchema } from '../../../src/manifest/schema.ts';

test('an image has its own name and the one that existing executors ask for', () => {
  const manifest = manifestSchema.parse({ name: 'red', title: 'R', image: 'red.x', alias: 'r', versions: [{ version: '16.0' }], entrypoint: 'a', install: '' });
  const version = { version: '16.0', suite: 'bookworm', arguments: {} };
  expect([imageName(manifest, version), aliasName(manifest, version)]).toEqual(['open-runtimes/red.x:16.0', 'openruntimes/r:v5-16.0']);
});
