// Tests how generated parts are put into a page.

import { expect, test } from 'vitest';
import { replaceBetweenMarkers } from '../../../../scripts/generate/files.ts';
import { imageTable } from '../../../../scripts/generate/image-table.ts';
import { manifestSchema } from '../../../../src/manifest/schema.ts';

test('only what stands between the markers is replaced', () => {
  const text = 'before\n<!-- generated: a -->\nold\n<!-- end: a -->\nafter';
  expect(replaceBetweenMarkers({ text, name: 'a', content: 'new' })).toBe(
    'before\n<!-- generated: a -->\n\nnew\n\n<!-- end: a -->\nafter',
  );
});

test('missing markers are an error that names them', () => {
  expect(() => replaceBetweenMarkers({ text: 'nothing', name: 'a', content: 'new' })).toThrow(
    'The markers of "a" are missing.',
  );
});

test('each runtime is a row of the table', () => {
  const manifest = manifestSchema.parse({
    name: 'red',
    title: 'Red',
    image: 'red.x',
    alias: 'r',
    versions: [{ version: '2' }, { version: '1.0' }],
    entrypoint: 'main.red',
    install: '',
  });
  expect(imageTable([manifest]).split('\n').slice(2)).toEqual([
    '| Red | `open-runtimes/red.x:<version>` | 2, 1.0 | `openruntimes/r:v5-<version>` | `main.red` |  |',
  ]);
});
