// Tests how the account of a container's memory is read.

import { expect, test } from 'vitest';
import { parseAccount } from '../../../bench/measure/footprint.ts';

test.each([
  ['the first kind of control groups', 'cache 4096\nrss 13373440\nrss_huge 0\ntotal_rss 99\n'],
  ['the second kind of control groups', 'anon 13373440\nfile 4096\nanon_thp 0\n'],
])('anonymous memory is read from the account of %s', (_what, text) => {
  expect(parseAccount(text)).toBe(13_373_440);
});

test('an account that does not say it is an error', () => {
  expect(() => parseAccount('cache 4096\n')).toThrow('says nothing of anonymous memory');
});
