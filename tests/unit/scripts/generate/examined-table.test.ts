// Tests the table of what is known of each image.

import { expect, test } from 'vitest';
import { examinedTable } from '../../../../scripts/generate/examined-table.ts';
import { manifestSchema } from '../../../../src/manifest/schema.ts';

const manifest = manifestSchema.parse({
  name: 'red',
  title: 'Red',
  image: 'red.x',
  alias: 'r',
  versions: [{ version: '2' }, { version: '1' }],
  entrypoint: 'a.r',
  install: '',
});
const entry = { on: '2026-01-01', megabytes: 120, startMs: 250, passed: 400, exempt: 0, failed: 0, hash: 'abc' };

test.each([
  ['whole', entry, '| `open-runtimes/red.x:2` | 120 | 250 | 400 passed |'],
  ['with exceptions', { ...entry, exempt: 3 }, '| `open-runtimes/red.x:2` | 120 | 250 | 400 passed, 3 exempt |'],
  ['with failures', { ...entry, failed: 1 }, '| `open-runtimes/red.x:2` | 120 | 250 | 400 passed, **1 failed** |'],
])('an image that was examined has a row that says so: %s', (_what, found, row) => {
  const [, , first, second] = examinedTable({
    manifests: [manifest],
    examined: { 'open-runtimes/red.x:2': found },
  }).split('\n');
  expect(first).toBe(row);
  expect(second).toBe('| `open-runtimes/red.x:1` |  |  | not yet examined in full |');
});
