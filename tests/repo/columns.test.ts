// Checks that no line is wider than a reader's window.

import { expect, test } from 'vitest';
import { repository, type Tree, tree } from './tree.ts';

const COLUMNS = 120;
const CODE = /\.(?:ts|mjs|cjs|js|sh|py|php|lua|go|rs|tcl|pl)$|\/Dockerfile$/;
// The functions for tests are read beside the cases that call them.
const FIXTURE = /^runtimes\/[^/]+\/fixture\//;

function tooWide(files: Tree): string[] {
  return [...files]
    .filter(([file]) => CODE.test(file) && !FIXTURE.test(file))
    .flatMap(([file, text]) =>
      text
        .split('\n')
        .flatMap((line, index) => (line.length > COLUMNS ? [`${file}:${index + 1}: ${line.length}`] : [])),
    );
}

test('no line is wider than 120 columns', async () => {
  expect(tooWide(await repository())).toEqual([]);
});

test.each(['src/lib/a.ts', 'runtimes/shared/setup.sh', 'runtimes/invented/server/a.py'])(
  'one column more than allowed is found: %s',
  (file) => {
    expect(tooWide(tree({ [file]: 'x'.repeat(COLUMNS) }))).toEqual([]);
    expect(tooWide(tree({ [file]: `a\n${'x'.repeat(COLUMNS + 1)}` }))).toEqual([`${file}:2: 121`]);
  },
);
