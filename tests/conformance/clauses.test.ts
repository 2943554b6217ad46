// Holds the suite and the contract's page together: every clause has a case, and every case names a clause.

import { expect, test } from 'vitest';
import { readManifests } from '../../src/manifest/read.ts';
import { RUNTIMES_FOLDER } from '../../scripts/build/select.ts';
import { allCases } from './cases/all.ts';
import { RULES } from './check/universal.ts';
import { readSections } from './clauses.ts';

const cases = [...allCases, ...RULES];
const names = cases.map(({ name }) => name);

test('every clause of the contract has a case', async () => {
  const clauses = (await readSections()).flatMap((section) => section.clauses);
  expect(clauses.filter((clause) => !cases.some(({ covers }) => covers === clause))).toEqual([]);
});

test('every case names a clause of the contract', async () => {
  const clauses = new Set((await readSections()).flatMap((section) => section.clauses));
  expect(cases.filter(({ covers }) => !clauses.has(covers)).map(({ name, covers }) => `${name}: ${covers}`)).toEqual(
    [],
  );
});

test('names of cases are unique and in kebab-case', () => {
  expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  expect(names.filter((name) => !/^[a-z0-9]+(?:-[a-z0-9]+)*$/.test(name))).toEqual([]);
});

test('every exception of a manifest names a case', async () => {
  const exceptions = (await readManifests(RUNTIMES_FOLDER)).flatMap(({ name, exceptions: own }) =>
    own.flatMap(({ case: excused }) => [excused].flat().map((one) => `${name}: ${one}`)),
  );
  expect(exceptions.filter((exception) => !names.includes(exception.replace(/^.*: /, '')))).toEqual([]);
});
