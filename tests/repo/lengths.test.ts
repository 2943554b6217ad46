// Checks that no file outgrows what one can take in.

import path from 'node:path';
import { expect, test } from 'vitest';
import { repository, type Tree, tree } from './tree.ts';

const LIMITS = [
  { files: /^(?:src|scripts|ci)\/.*\.(?:ts|mjs)$/, lines: 250 },
  { files: /^tests\/.*\.ts$/, lines: 400 },
  { files: /^runtimes\/[^/]+\/server\/[^/]+$/, lines: 200, except: ['package-lock.json'] },
  { files: /^runtimes\/agent\/.*\.\w+$/, lines: 250, except: ['Cargo.lock'] },
  { files: /^runtimes\/shared\/.*\.\w+$/, lines: 200 },
];

function tooLong(files: Tree): string[] {
  return [...files].flatMap(([file, text]) => {
    const limit = LIMITS.find(
      ({ files: pattern, except = [] }) => pattern.test(file) && !except.includes(path.basename(file)),
    );
    const lines = text.split('\n').length - 1;
    return limit && lines > limit.lines ? [`${file} has ${lines} lines, at most ${limit.lines} are allowed`] : [];
  });
}

test('no file is too long', async () => {
  expect(tooLong(await repository())).toEqual([]);
});

test.each([
  ['src/executor/start.ts', 250],
  ['scripts/build.ts', 250],
  ['runtimes/invented/server/server.x', 200],
])('one line more than allowed is found: %s', (file, lines) => {
  expect(tooLong(tree({ [file]: 'x\n'.repeat(lines) }))).toEqual([]);
  expect(tooLong(tree({ [file]: 'x\n'.repeat(lines + 1) }))).toHaveLength(1);
});
