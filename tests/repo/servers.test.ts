// Checks that the servers are one family: the same seven files, the same numbered steps in the same order.

import path from 'node:path';
import { expect, test } from 'vitest';
import { repository, runtimesIn, type Tree, tree } from './tree.ts';

const PARTS = ['server', 'config', 'request', 'response', 'context', 'logger', 'loader'];

function strangers(files: Tree): string[] {
  const steps = stepsOfTheContract(files.get('docs/contract.md') ?? '');
  return runtimesIn(files).flatMap((name) => {
    const own = serverFiles({ files, name });
    const parts = new Set(own.map(([file]) => path.posix.basename(file).split('.')[0]));
    const missing = PARTS.filter((part) => !parts.has(part)).map((part) => `${name}: no file "${part}"`);
    const taken = own.flatMap(([, text]) => numberedComments(text));
    const inOrder = own.some(([, text]) => numberedComments(text).join() === steps.join());
    return inOrder ? missing : missing.concat(`${name}: steps ${taken.join(' · ')} instead of ${steps.join(' · ')}`);
  });
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

test('every server has the seven files and takes the steps in order', async () => {
  expect(strangers(await repository())).toEqual([]);
});

const CONTRACT = '### Order of the steps\n\nTaken so: 1 probe · 2 read the\ntimeout. So a\n\n### Next\n';
const whole = Object.fromEntries(PARTS.map((part) => [`runtimes/invented/server/${part}.x`, '']));
const family = { 'docs/contract.md': CONTRACT, 'runtimes/invented/runtime.json': '{}', ...whole };

test('a server that keeps the order is none', () => {
  expect(
    strangers(tree({ ...family, 'runtimes/invented/server/server.x': '  # 1. Probe\n# 2. Read the timeout\n' })),
  ).toEqual([]);
});

test.each(['# 2. Read the timeout\n# 1. Probe\n', '# 1. Probe\n', '# 1. Probe\n# 2. Read it\n'])(
  'other steps are found: %j',
  (text) => {
    expect(strangers(tree({ ...family, 'runtimes/invented/server/server.x': text }))).toHaveLength(1);
  },
);

test('a missing file is found', () => {
  const files = new Map(
    tree({ ...family, 'runtimes/invented/server/server.x': '# 1. Probe\n# 2. Read the timeout\n' }),
  );
  files.delete('runtimes/invented/server/logger.x');
  expect(strangers(files)).toEqual(['invented: no file "logger"']);
});
