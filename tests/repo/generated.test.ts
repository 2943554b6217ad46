// Checks that what is generated is as generating would make it.

import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { outdatedFiles } from '../../scripts/generate/files.ts';
import { ROOT } from './tree.ts';

test('generating changes nothing', async () => {
  expect((await outdatedFiles(ROOT)).map(({ file }) => file)).toEqual([]);
});

test('a generated file that was edited by hand is found', async () => {
  const copy = await mkdtemp(path.join(tmpdir(), 'open-runtimes-generated-'));
  try {
    await cp(path.join(ROOT, 'README.md'), path.join(copy, 'README.md'));
    await cp(path.join(ROOT, 'docs'), path.join(copy, 'docs'), { recursive: true });
    await cp(path.join(ROOT, 'runtimes'), path.join(copy, 'runtimes'), { recursive: true });
    await writeFile(path.join(copy, 'runtimes/runtime.schema.json'), '{}');
    expect((await outdatedFiles(copy)).map(({ file }) => file)).toEqual(['runtimes/runtime.schema.json']);
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
});
