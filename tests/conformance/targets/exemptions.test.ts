// Which exceptions of a manifest concern which of its versions.

import { test } from 'vitest';
import { manifestSchema } from '../../../src/manifest/schema.ts';
import { exemptionsOf } from './exemptions.ts';

const SOME = 'Only some of the versions cannot do it.';
const ALL = 'This language truly cannot do it at all.';
const manifest = manifestSchema.parse({
  name: 'invented',
  title: 'Invented',
  image: 'invented',
  alias: 'invented',
  versions: [{ version: '2' }, { version: '1' }],
  entrypoint: 'a',
  install: '',
  exceptions: [
    { case: ['a', 'b'], versions: ['1'], reason: SOME },
    { case: 'c', reason: ALL },
  ],
});

const c = { case: 'c', reason: ALL };
const some = ['a', 'b'].map((name) => ({ case: name, reason: SOME }));

test.for([
  { version: '1', exemptions: [...some, c] },
  { version: '2', exemptions: [c] },
  { version: undefined, exemptions: [...some, c] },
])('version $version', ({ version, exemptions }, { expect }) => {
  expect(exemptionsOf({ manifest, version })).toEqual(exemptions);
});
