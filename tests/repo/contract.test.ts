// Checks that what src/contract declares is used, and declared there alone.

import { expect, test } from 'vitest';
import { codeBelow, repository, type Tree, tree } from './tree.ts';

const CONTRACT = /^src\/contract\/([^/]+)\.ts$/;
// The conformance suite is a program of its own, which strangers run; other tests keep nothing alive.
const USERS = ['src', 'scripts', 'ci', 'tests/conformance'];
const IMPORT = /import (?:\{([^}]*)\}|\* as (\w+)) from '[./]+(?:src\/)?contract\/([^/']+)\.ts'/g;

/** The names that a file of src/contract exports, each as `file.NAME`. */
function declared(files: Tree): string[] {
  return [...files].flatMap(([file, text]) => {
    const [, module] = CONTRACT.exec(file) ?? [];
    if (module === undefined) return [];
    return [...text.matchAll(/^export (?:const|function|type|interface) (\w+)/gm)].map(
      ([, name]) => `${module}.${name}`,
    );
  });
}

function unused(files: Tree): string[] {
  const used = new Set(usersIn(files).flatMap(([, text]) => imported(text)));
  return declared(files).filter((name) => !used.has(name));
}

/** What a file takes from src/contract, each as `file.NAME`. */
function imported(text: string): string[] {
  return [...text.matchAll(IMPORT)].flatMap(([, names = '', space, module]) => {
    const taken = space
      ? [...text.matchAll(new RegExp(`\\b${space}\\.(\\w+)`, 'g'))].map(([, name]) => name)
      : names.split(',').map((name) => name.trim().split(' as ')[0]);
    return taken.map((name) => `${module}.${name}`);
  });
}

/** Names of src/contract that another file declares once more. */
function declaredAgain(files: Tree): string[] {
  const names = new Set(declared(files).map((name) => name.split('.')[1]));
  return codeBelow({ files, folders: ['src', 'scripts', 'ci'] })
    .filter(([file]) => !CONTRACT.test(file))
    .flatMap(([file, text]) =>
      [...text.matchAll(/^(?:export )?const ([A-Z_]+) =/gm)]
        .filter(([, name]) => names.has(name))
        .map(([, name]) => `${file}: ${name}`),
    );
}

function usersIn(files: Tree): [string, string][] {
  return codeBelow({ files, folders: USERS }).filter(([file]) => !CONTRACT.test(file));
}

test('all that the contract’s files export is used', async () => {
  expect(unused(await repository())).toEqual([]);
});

test('what the contract’s files export is declared nowhere else', async () => {
  expect(declaredAgain(await repository())).toEqual([]);
});

const limits = { 'src/contract/limits.ts': 'export const MOST = 1;\nexport const LEAST = 0;\n' };

test.each([
  ['a name that is imported', "import { MOST, LEAST } from '../contract/limits.ts';", []],
  ['a name of a namespace', "import * as limits from '../contract/limits.ts';\nlimits.MOST + limits.LEAST;", []],
  ['a name that nobody imports', "import { MOST } from '../contract/limits.ts';", ['limits.LEAST']],
  ['a namespace of which a name is not used', "import * as l from '../contract/limits.ts';\nl.MOST;", ['limits.LEAST']],
  ['a name of another file', "import { LEAST } from '../other/limits.ts';", ['limits.MOST', 'limits.LEAST']],
  ['a name that stands there only', 'const MOST = 1;\nconst LEAST = MOST;', ['limits.MOST', 'limits.LEAST']],
])('%s: %s', (_what, text, expected) => {
  expect(unused(tree({ ...limits, 'src/executor/a.ts': text }))).toEqual(expected);
});

test('a user outside of the program keeps nothing alive', () => {
  const text = "import { MOST, LEAST } from '../../src/contract/limits.ts';";
  expect(unused(tree({ ...limits, 'tests/unit/a.test.ts': text }))).toEqual(['limits.MOST', 'limits.LEAST']);
});

test('a second declaration is found', () => {
  expect(declaredAgain(tree({ ...limits, 'src/executor/a.ts': 'const MOST = 1;' }))).toEqual([
    'src/executor/a.ts: MOST',
  ]);
});
