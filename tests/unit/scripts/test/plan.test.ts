// Tests which images a run of all tests looks at, and how closely.

import { expect, test } from 'vitest';
import type { Examined } from '../../../../ci/examined.ts';
import { isProved, plan, planAll } from '../../../../scripts/test/plan.ts';
import { type Target, targetName } from '../../../../scripts/build/select.ts';
import { imagesOf } from '../../../../src/manifest/names.ts';
import { manifestSchema } from '../../../../src/manifest/schema.ts';

function language({ name, versions, ...more }: { name: string; versions: number; [other: string]: unknown }): Target[] {
  const manifest = manifestSchema.parse({
    name,
    title: name,
    image: name,
    alias: name,
    versions: Array.from({ length: versions }, (_, index) => ({ version: String(versions - index) })),
    entrypoint: 'a',
    install: '',
    ...more,
  });
  return manifest.versions.map((version) => ({ manifest, version, folder: '/nowhere' }));
}

const RED = language({ name: 'red', versions: 6 });
const BLUE = language({ name: 'blue', versions: 6, default: true });
const MANY = Array.from({ length: 30 }, (_, index) => language({ name: `many-${index}`, versions: 3 })).flat();
const HASH = 'as it is';

function record(targets: readonly Target[], changes: Partial<Examined[string]> = {}): Examined {
  const entry = { on: '2026-01-01', megabytes: 1, startMs: 1, passed: 1, exempt: 0, failed: 0, hash: HASH, ...changes };
  return Object.fromEntries(
    targets.flatMap(({ manifest, version }) => imagesOf(manifest, version).map(({ name }) => [name, entry])),
  );
}

function names(targets: Target[]): string[] {
  return targets.map(targetName).toSorted();
}

function planned({ targets, examined, seed = 'a' }: { targets: Target[]; examined: Examined; seed?: string }) {
  const hashes = new Map(targets.map((target) => [targetName(target), HASH]));
  const { full, sample, unproved, left } = plan({ targets, examined, hashes, seed });
  return { full: names(full), sample: names(sample), unproved: names(unproved), left: names(left) };
}

test('what has not changed is examined by sample: every default version and a few more', () => {
  const { full, sample, unproved, left } = planned({ targets: [...RED, ...BLUE], examined: record([...RED, ...BLUE]) });
  expect({ full, unproved }).toEqual({ full: [], unproved: [] });
  expect(sample).toHaveLength(8);
  expect(sample).toEqual(expect.arrayContaining(['red:6', 'blue:6']));
  expect(left).toHaveLength(4);
});

test('a language that has changed is examined in full, whatever the seed', () => {
  for (const seed of ['a', 'b', 'c']) {
    const { full, sample, unproved } = planned({ targets: [...RED, ...BLUE], examined: record(BLUE), seed });
    expect(full).toEqual(['red:1', 'red:2', 'red:3', 'red:4', 'red:5', 'red:6']);
    expect(unproved).toEqual([]);
    expect(sample).toHaveLength(4);
    expect(sample).toContain('blue:6');
  }
});

test('when all has changed, a run keeps its time, looks at default versions first, and says what it left', () => {
  const targets = [...MANY, ...BLUE];
  const { full, sample, unproved, left } = planned({ targets, examined: {} });
  expect(full).toHaveLength(8);
  expect(full).toContain('blue:6');
  expect(full.filter((name) => name.startsWith('many'))).toEqual(full.filter((name) => name.endsWith(':3')));
  expect(sample).toHaveLength(16);
  expect(unproved).toHaveLength(targets.length - 8);
  expect(left).toHaveLength(targets.length - 8 - 16);
});

test('all of the images that were asked for are examined, however many', () => {
  const hashes = new Map(MANY.map((target) => [targetName(target), HASH]));
  const { full, sample, left } = planAll({ targets: MANY, examined: record(MANY.slice(0, 10)), hashes, seed: 'a' });
  expect([full.length, sample.length, left.length]).toEqual([80, 10, 0]);
});

test('which of those that are left comes with the seed', () => {
  const lots = ['a', 'b', 'c', 'd'].map(
    (seed) => planned({ targets: [...RED, ...BLUE], examined: record([...RED, ...BLUE]), seed }).left,
  );
  expect(new Set(lots.map(String)).size).toBeGreaterThan(1);
  expect(planned({ targets: RED, examined: record(RED) })).toEqual(planned({ targets: RED, examined: record(RED) }));
});

test.each([
  ['an image that was never examined', {}, false],
  ['one of another content', record(RED, { hash: 'as it was' }), false],
  ['one that failed', record(RED, { failed: 1 }), false],
  ['one that passed as it is', record(RED), true],
])('%s', (_what, examined, proved) => {
  expect(isProved({ target: RED[0] as Target, examined, hash: HASH })).toBe(proved);
});

test('both images of a language that compiles must have passed', () => {
  const [target] = language({ name: 'green', versions: 1, pack: 'binary' }) as [Target];
  const both = record([target]);
  expect(isProved({ target, examined: both, hash: HASH })).toBe(true);
  expect(
    isProved({
      target,
      examined: { 'open-runtimes/green:1': both['open-runtimes/green:1'] as Examined[string] },
      hash: HASH,
    }),
  ).toBe(false);
});
