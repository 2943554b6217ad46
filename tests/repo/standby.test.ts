// Checks that an image and its manifest say the same of warm standby.

import { expect, test } from 'vitest';
import { repository, runtimesIn, type Tree, tree } from './tree.ts';

const DECLARED = /^ *(?:ENV )? *OPEN_RUNTIMES_WARM_STANDBY=1\b/m;

function disagreements(files: Tree): string[] {
  return runtimesIn(files).flatMap((name) => {
    const { features = [] } = JSON.parse(files.get(`runtimes/${name}/runtime.json`) ?? '{}') as { features?: string[] };
    const promised = features.includes('warm-standby');
    const declared = DECLARED.test(files.get(`runtimes/${name}/Dockerfile`) ?? '');
    return promised === declared
      ? []
      : [`${name}: warm standby is ${promised ? 'promised by the manifest' : 'declared by the image'} only`];
  });
}

test('manifests and images agree on warm standby', async () => {
  expect(disagreements(await repository())).toEqual([]);
});

const MANIFEST = 'runtimes/invented/runtime.json';
const DOCKERFILE = 'runtimes/invented/Dockerfile';
const PROMISED = { [MANIFEST]: '{"features":["warm-standby"]}' };
const SINGLE = { [DOCKERFILE]: 'ENV OPEN_RUNTIMES_WARM_STANDBY=1\n' };
const SEVERAL = { [DOCKERFILE]: 'ENV OPEN_RUNTIMES_ENTRYPOINT=a.x \\\n    OPEN_RUNTIMES_WARM_STANDBY=1 \\\n' };

test.each([SINGLE, SEVERAL])('an image that keeps the promise is right: %j', (image) => {
  expect(disagreements(tree({ ...PROMISED, ...image }))).toEqual([]);
});

test.each([PROMISED, { [MANIFEST]: '{}', ...SINGLE }])('a promise on one side only is found: %j', (files) => {
  expect(disagreements(tree(files))).toHaveLength(1);
});
