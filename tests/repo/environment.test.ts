// Checks that the control plane reads the environment in one place.

import { expect, test } from 'vitest';
import { codeBelow, repository, type Tree, tree } from './tree.ts';

function readersOfTheEnvironment(files: Tree): string[] {
  return codeBelow({ files, folders: ['src'] })
    .filter(([file, text]) => !file.startsWith('src/main/') && /\bprocess\.env\b/.test(text))
    .map(([file]) => file);
}

test('only src/main reads the environment', async () => {
  expect(readersOfTheEnvironment(await repository())).toEqual([]);
});

test('another reader of the environment is found', () => {
  const files = tree({ 'src/main/executor.ts': 'process.env.A', 'src/executor/start.ts': 'const a = process.env.A;' });
  expect(readersOfTheEnvironment(files)).toEqual(['src/executor/start.ts']);
});
