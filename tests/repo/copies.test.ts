// Checks that nothing below runtimes/ lies there twice.

import { expect, test } from 'vitest';
import { repository, type Tree, tree } from './tree.ts';

function copies(files: Tree): string[][] {
  const relevant = [...files].filter(([file, text]) => file.startsWith('runtimes/') && text.trim() !== '');
  const byText = Map.groupBy(relevant, ([, text]) => text);
  return [...byText.values()].filter((group) => group.length > 1).map((group) => group.map(([file]) => file));
}

test('no two files of the runtimes are equal', async () => {
  expect(copies(await repository())).toEqual([]);
});

test('a copy is found', () => {
  const files = tree({
    'runtimes/a/build.sh': 'same',
    'runtimes/b/start.sh': 'same',
    'runtimes/b/x': 'other',
    'src/x': 'same',
  });
  expect(copies(files)).toEqual([['runtimes/a/build.sh', 'runtimes/b/start.sh']]);
});
