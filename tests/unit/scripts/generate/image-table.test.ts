// Tests the table of images.

import { expect, test } from 'vitest';
import { imageTable } from '../../../../scripts/generate/image-table.ts';
import { manifestSchema } from '../../../../src/manifest/schema.ts';

const red = {
  name: 'red',
  title: 'Red',
  image: 'red.x',
  alias: 'r',
  versions: [{ version: '2' }, { version: '1' }],
  entrypoint: 'a.r',
  install: '',
};

test.each([
  ['source', '`open-runtimes/red.x:<version>`', '`openruntimes/r:v5-<version>`'],
  [
    'binary',
    '`open-runtimes/red.x:<version>`, `open-runtimes/red.x:<version>-serve`',
    '`openruntimes/r:v5-<version>`, `openruntimes/r:v5-<version>-serve`',
  ],
])('a runtime whose artifacts hold %s has a row with its images', (pack, names, aliases) => {
  const [, , row] = imageTable([manifestSchema.parse({ ...red, pack })]).split('\n');
  expect(row).toBe(`| Red | ${names} | 2, 1 | ${aliases} | \`a.r\` |  |`);
});
