// Tests which paths are told to be the system's, against how servers read paths.

import path from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isReservedPath } from '../../../src/contract/reserved-path.ts';

test.each([
  '/__opr/health',
  '/__opr/logs/a?b=c',
  '/__opr',
  '/__opr?a',
  '/__OPR/health',
  '//__opr/health',
  '///__opr/health',
  '/./__opr/health',
  '/a/../__opr/health',
  '/a//../__opr/health',
  '/../__opr/health',
  '/__opr/../a',
  '/__opr/./health',
  '/%2e/__opr/health',
  '/a/%2e%2E/__opr/health',
  '/a/..%2f__opr/health',
  '/%2F__opr/health',
  '/__opr%2fhealth',
  '/%5f_opr/health',
  '/%5F%5f%6F%70%72/health',
  '/%255f_opr/health',
  '/%25255f_opr/health',
  '/%%35f_opr/health',
  String.raw`/\__opr\health`,
  '/%5c__opr%5Chealth',
  '/__opr;x/health',
  '/__opr%3bx/health',
  '/;/__opr/health',
  '/a/..;x/__opr/health',
  '/__opr%00/health',
  '/%20__opr%09/health',
  '/__opr%3Fa',
  '/__opr#a',
  '/a%2f__opr/../__opr',
  '/a/b/../__opr',
  String.raw`/a\b/../__opr/health`,
  String.raw`/..;x\a/__opr/health`,
  '//host/__opr/health',
  String.raw`/\host/a/../__opr/health`,
])('%s is', (target) => {
  expect(isReservedPath(target)).toBe(true);
});

test.each([
  '/',
  '/a/__opr/health',
  '/__oprx/health',
  '/x__opr/health',
  '/_opr/health',
  '/a?b=/__opr/health',
  '/a?/../__opr/health',
  '/?%2f__opr/health',
  '/a%2f__opr',
  '/100%/a',
  '/%zz/%5f',
  '/a/../b',
  '/.well-known/__opr',
])('%s is not', (target) => {
  expect(isReservedPath(target)).toBe(false);
});

// How servers come from a target to the path that they look up.
const READERS: ((target: string) => string)[] = [
  (target) => target,
  (target) => new URL(`http://a${target}`).pathname,
  (target) => new URL(target, 'http://a').pathname,
  (target) => path.posix.normalize(target.replace(/\?.*/s, '')),
  (target) => path.posix.normalize(decodeURIComponent(target.replace(/\?.*/s, ''))),
  (target) => decodeURIComponent(new URL(`http://a${target}`).pathname),
  (target) => path.posix.normalize(decodeURIComponent(target.replace(/\?.*/s, '')).replaceAll(/;[^/]*/g, '')),
  (target) =>
    path.win32
      .normalize(decodeURIComponent(target.replace(/\?.*/s, '')))
      .replaceAll('\\', '/')
      .toLowerCase(),
];

function reads(reader: (target: string) => string, target: string): boolean {
  try {
    return /^\/__opr(?:\/|$)/.test(reader(target));
  } catch {
    return false;
  }
}

test('whatever a server would find there is', () => {
  const spelled = fc
    .tuple(...[...'__opr'].map((letter) => fc.constantFrom(letter, letter, escape(letter), letter.toUpperCase())))
    .map((letters) => letters.join(''));
  const slash = fc.constantFrom('/', '/', '/', '//', '%2f', '%2F', '\\', '%5c');
  const segment = fc.oneof(
    { weight: 3, arbitrary: spelled },
    { weight: 3, arbitrary: fc.constantFrom('.', '..', '%2e', '%2e%2E', '.%2e', '', 'a', ';x', '..;x', '?', '#') },
  );
  const targets = fc.array(fc.tuple(slash, segment), { maxLength: 6 }).map((parts) => `/${parts.flat().join('')}`);
  let found = 0;
  fc.assert(
    fc.property(targets, (target) => {
      if (!READERS.some((reader) => reads(reader, target))) return;
      found += 1;
      expect(isReservedPath(target)).toBe(true);
    }),
    { numRuns: 10_000 },
  );
  expect(found).toBeGreaterThan(500);
});

function escape(letter: string): string {
  return `%${letter.charCodeAt(0).toString(16)}`;
}
