// Checks that the servers are one family, and that the front before them takes the contract's steps in their order.

import path from 'node:path';
import { expect, test } from 'vitest';
import { repository, runtimesIn, type Tree, tree } from './tree.ts';

const PARTS = ['server', 'request', 'logger', 'wire'];
const FRONT = 'runtimes/agent/src/call/';

function strangers(files: Tree): string[] {
  const missing = runtimesIn(files).flatMap((name) => {
    const own = serverFiles({ files, name });
    const parts = new Set(own.map(([file]) => path.posix.basename(file).split('.')[0]));
    return PARTS.filter((part) => !parts.has(part)).map((part) => `${name}: no file "${part}"`);
  });
  const steps = stepsOfTheContract(files.get('docs/contract.md') ?? '').join(' · ');
  const taken = ['mod.rs', 'run.rs'].flatMap((file) => numberedComments(files.get(FRONT + file) ?? '')).join(' · ');
  return steps === taken ? missing : missing.concat(`the front: steps ${taken} instead of ${steps}`);
}

/** A runtime's own server, and what its manifest takes from a family. */
function serverFiles({ files, name }: { files: Tree; name: string }): [string, string][] {
  const { family } = JSON.parse(files.get(`runtimes/${name}/runtime.json`) ?? '{}') as { family?: string };
  const folders = [`runtimes/${name}/server/`, ...(family ? [`runtimes/shared/${family}/`] : [])];
  return [...files].filter(([file]) => folders.some((folder) => file.startsWith(folder)));
}

/** `1 probe`, `2 authorize` … from the clause "Order of the steps". */
function stepsOfTheContract(contract: string): string[] {
  const clause = /### Order of the steps\n([\s\S]*?)\n### /.exec(contract)?.[1]?.replaceAll(/\s+/g, ' ') ?? '';
  return [...clause.matchAll(/(\d+) ([a-z ]+?)(?= ·|\.)/g)].map(([, number, step]) => `${number} ${step}`);
}

/** Comments such as `// 3. Read the timeout`, in any language's way of commenting. */
function numberedComments(text: string): string[] {
  return [...text.matchAll(/^\s*(?:\/\/|#|--|;+|%|\(\*|\*)\s*(\d+)\. ([^\n.:*]+)/gm)].map(
    ([, number, step]) => `${number} ${step?.trim().toLowerCase()}`,
  );
}

test('every server has the files of the family, and the front takes the steps in order', async () => {
  expect(strangers(await repository())).toEqual([]);
});

const CONTRACT = '### Order of the steps\n\nTaken so: 1 probe · 2 read the\ntimeout. So a\n\n### Next\n';
const whole = Object.fromEntries(PARTS.map((part) => [`runtimes/invented/server/${part}.x`, '']));
const family = { 'docs/contract.md': CONTRACT, 'runtimes/invented/runtime.json': '{}', ...whole };
const front = { [`${FRONT}mod.rs`]: '  // 1. Probe\n', [`${FRONT}run.rs`]: '  // 2. Read the timeout\n' };

test('a front that keeps the order is none', () => {
  expect(strangers(tree({ ...family, ...front }))).toEqual([]);
});

test.each(['// 2. Read the timeout\n// 1. Probe\n', '// 1. Probe\n', '// 1. Probe\n// 2. Read it\n'])(
  'other steps are found: %j',
  (text) => {
    expect(strangers(tree({ ...family, [`${FRONT}mod.rs`]: text }))).toHaveLength(1);
  },
);

test('a missing file is found', () => {
  const files = new Map(tree({ ...family, ...front }));
  files.delete('runtimes/invented/server/logger.x');
  expect(strangers(files)).toEqual(['invented: no file "logger"']);
});
