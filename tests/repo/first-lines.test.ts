// Checks that every file of code begins by saying in one sentence what it owns.

import { expect, test } from 'vitest';
import { codeBelow, repository, type Tree, tree } from './tree.ts';

const SENTENCE = /^(?:#!.*\n)?\/\/ [A-Z`].*[^.]\.\n(?!\/\/ [a-z])/;

function withoutSentence(files: Tree): string[] {
  return codeBelow({ files, folders: ['src', 'scripts', 'ci', 'tests'] })
    .filter(([, text]) => !SENTENCE.test(text) && !/^\/\/ [A-Z`][\s\S]*?\.\n\n/.test(text))
    .map(([file]) => file);
}

test('every file begins with a sentence on what it owns', async () => {
  expect(withoutSentence(await repository())).toEqual([]);
});

test.each(["import a from 'a';\n", '// no capital letter.\n', '// No full stop\n', '\n// Not first.\n'])(
  'a file that begins otherwise is found: %j',
  (text) => {
    expect(withoutSentence(tree({ 'src/lib/a.ts': text }))).toEqual(['src/lib/a.ts']);
  },
);
