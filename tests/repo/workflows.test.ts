// Checks that CI does nothing that a laptop cannot: workflows run our own commands, and use two pinned actions.

import { expect, test } from 'vitest';
import { repository, type Tree, tree } from './tree.ts';

const ALLOWED = {
  uses: /^actions\/(?:checkout|setup-node)@[0-9a-f]{40}$/,
  run: /^(?:npm test|npm run [a-z-]+|bash \.ci\/run)(?: -- [\w:. -]+)?$/,
};
// Without a value `run:` is no step: there a job says its shell.
const STEP = /^ +(?:- )?(uses|run): *([^#\n]+?) *(?:#.*)?$/gm;

/** What workflows use or run that they should not. */
function strangers(files: Tree): string[] {
  return [...files]
    .filter(([file]) => file.startsWith('.github/workflows/'))
    .flatMap(([file, text]) =>
      [...text.matchAll(STEP)]
        .filter(([, kind, value = '']) => !ALLOWED[kind as keyof typeof ALLOWED].test(value))
        .map(([, , value]) => `${file}: ${value}`),
    );
}

test('workflows run our own commands and two pinned actions', async () => {
  const files = await repository();
  expect(strangers(files)).toEqual([]);
  expect([...files.keys()].some((file) => file.startsWith('.github/workflows/'))).toBe(true);
});

test.each([
  ['uses: actions/checkout@08c6903cd8c0fde910a37f88322edcfb5dd907a8 # v5.0.0', true],
  ['uses: actions/checkout@v5', false],
  ['uses: somebody/else@08c6903cd8c0fde910a37f88322edcfb5dd907a8', false],
  ['run: npm run check', true],
  ['run: npm test -- --only invented', true],
  ['run: bash .ci/run', true],
  ['run: npm run check && curl example.org', false],
  ['run: |', false],
])('%s: %s', (step, allowed) => {
  const text = `jobs:\n  a:\n    steps:\n      - ${step}\n`;
  expect(strangers(tree({ '.github/workflows/a.yml': text })).length === 0).toBe(allowed);
});
