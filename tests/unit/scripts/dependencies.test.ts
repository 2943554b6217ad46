// Tests when npm's packages count as installed.

import { expect, test } from 'vitest';
import { dependenciesFit } from '../../../scripts/dependencies.mjs';
import { temporaryFolder } from '../../support/folder.ts';

const lock = (packages: object) => JSON.stringify({ packages: { '': {}, ...packages } });
const node = { 'node_modules/node/bin/node': '' };
const a1 = { 'node_modules/a': { version: '1.0.0', integrity: 'x' } };
const a2 = { 'node_modules/a': { version: '2.0.0', integrity: 'y' } };
const elsewhere = { 'node_modules/b': { version: '1.0.0', integrity: 'z', optional: true } };

test.each([
  ['nothing is installed', { 'package-lock.json': lock(a1) }, false],
  [
    'just what is asked for is installed',
    { 'package-lock.json': lock(a1), 'node_modules/.package-lock.json': lock(a1), ...node },
    true,
  ],
  [
    'another version is installed',
    { 'package-lock.json': lock(a2), 'node_modules/.package-lock.json': lock(a1), ...node },
    false,
  ],
  ['one is missing', { 'package-lock.json': lock(a1), 'node_modules/.package-lock.json': lock({}), ...node }, false],
  ['one is too many', { 'package-lock.json': lock({}), 'node_modules/.package-lock.json': lock(a1), ...node }, false],
  [
    'one for another platform is missing',
    { 'package-lock.json': lock({ ...a1, ...elsewhere }), 'node_modules/.package-lock.json': lock(a1), ...node },
    true,
  ],
  [
    "Node.js' own binary is missing",
    { 'package-lock.json': lock(a1), 'node_modules/.package-lock.json': lock(a1) },
    false,
  ],
])('when %s', async (_what, files, fit) => {
  await using folder = await temporaryFolder(files as Record<string, string>);
  expect(dependenciesFit(folder.path)).toBe(fit);
});
