// Cases of docs/contract.md, section 10, on the cache that is kept between builds.

import type { Finding, ImageCase } from '../case.ts';
import type { Image } from '../targets/target.ts';
import { buildFixture, inFolder, lookInto, same } from './examine.ts';

const CLAUSE = 'Build cache';
const KEEP =
  'mkdir -p /usr/local/cache/build/mine; [[ -f /usr/local/cache/build/mine/a ]] || head --bytes 100000 ' +
  '/dev/urandom > /usr/local/cache/build/mine/a';

interface Round {
  install?: string;
  environment?: Record<string, string>;
  /** Lines that it must say, patterns where a number is not known. */
  says: readonly RegExp[];
}

/** Builds one after the other with one cache folder. */
async function rounds({
  image,
  cache,
  each,
}: {
  image: Image;
  cache?: string;
  each: readonly Round[];
}): Promise<Finding[]> {
  const folder = cache ?? (await inFolder({ image }));
  const findings: Finding[] = [];
  for (const { install = '', environment = {}, says } of each) {
    const { exitCode, output } = await buildFixture({ image, install, environment, mounts: { '/cache': folder } });
    findings.push(...same({ clause: CLAUSE, what: 'exit code', expected: 0, got: exitCode }));
    for (const pattern of says)
      if (!pattern.test(output))
        findings.push({ clause: CLAUSE, what: 'output', expected: `matches ${pattern}`, got: output });
  }
  return findings;
}

export const buildCacheCases: readonly ImageCase[] = [
  {
    name: 'build-cache-is-saved-and-found-again',
    covers: CLAUSE,
    examine: (image) =>
      rounds({
        image,
        each: [
          { install: KEEP, says: [/Build cache miss\./, /Build cache saved\. \(\d+ bytes\)/] },
          { install: 'test -f /usr/local/cache/build/mine/a && echo found', says: [/Build cache hit\./, /found/] },
          {
            install: 'head --bytes 200000 /dev/urandom > /usr/local/cache/build/mine/b',
            says: [/Build cache saved\. \(\d+ bytes -> \d+ bytes\)/],
          },
        ],
      }),
  },
  {
    name: 'build-cache-that-has-not-changed-is-not-saved',
    covers: CLAUSE,
    examine: (image) =>
      rounds({
        image,
        each: [
          { install: KEEP, says: [/saved/] },
          { install: KEEP, says: [/Build cache save skipped: artifact unchanged \(\d+ bytes\)\./] },
        ],
      }),
  },
  {
    name: 'build-cache-that-is-too-large-is-not-saved',
    covers: CLAUSE,
    async examine(image) {
      const cache = await inFolder({ image });
      const environment = { OPEN_RUNTIMES_BUILD_CACHE_MAX_SIZE_BYTES: '5000' };
      const findings = await rounds({
        image,
        cache,
        each: [
          {
            install: KEEP,
            environment,
            says: [/Build cache save skipped: artifact too large \(\d+ bytes, max 5000 bytes\)\./],
          },
        ],
      });
      return [
        ...findings,
        ...same({
          clause: CLAUSE,
          what: 'files in the cache',
          expected: '',
          got: await lookInto({ image, folder: cache, script: 'ls -A' }),
        }),
      ];
    },
  },
  {
    name: 'build-cache-without-its-folder-is-not-saved',
    covers: CLAUSE,
    examine: (image) =>
      rounds({
        image,
        each: [{ install: 'rm -rf /usr/local/cache/build', says: [/Build cache save skipped: cache root missing\./] }],
      }),
  },
  {
    name: 'build-cache-that-is-broken-fails-no-build',
    covers: CLAUSE,
    async examine(image) {
      const cache = await inFolder({ image, script: 'echo broken > stores.sqfs' });
      return rounds({ image, cache, each: [{ says: [/Build cache warning: /] }] });
    },
  },
  {
    name: 'build-without-a-cache-folder-says-nothing-of-it',
    covers: CLAUSE,
    async examine(image) {
      const { output } = await buildFixture({ image });
      return same({
        clause: CLAUSE,
        what: 'mentions of the cache',
        expected: [],
        got: output.match(/Build cache/g) ?? [],
      });
    },
  },
];
