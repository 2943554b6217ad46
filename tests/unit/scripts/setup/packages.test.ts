// Tests which systems count as Debian's family.

import { expect, test } from 'vitest';
import { isDebianLike } from '../../../../scripts/setup/packages.ts';

test.each([
  ['NAME="Debian"\nID=debian\n', true],
  ['ID=ubuntu\nID_LIKE=debian\n', true],
  ['ID=mint\nID_LIKE="ubuntu debian"\n', true],
  ['ID=fedora\n', false],
  ['ID=undebian\n', false],
  ['VARIANT_ID=debian\n', false],
  ['NAME="not debian"\nID=other\n', false],
  ['', false],
])('%j: %j', (release, expected) => {
  expect(isDebianLike(release)).toBe(expected);
});
