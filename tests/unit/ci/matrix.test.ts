// Tests which images CI examines.

import { expect, test } from 'vitest';
import { matrix } from '../../../ci/matrix.ts';
import { manifestSchema } from '../../../src/manifest/schema.ts';

test('every version of every runtime is examined', () => {
  const manifest = manifestSchema.parse({
    name: 'red',
    title: 'R',
    image: 'r',
    alias: 'r',
    versions: [{ version: '2' }, { version: '1' }],
    entrypoint: 'a',
    install: '',
  });
  expect(matrix([manifest])).toEqual(['red:2', 'red:1']);
});
