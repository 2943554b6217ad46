// Tests which cases a sample holds.

import { expect, test } from 'vitest';
import type { Case } from './case.ts';
import { drawSample } from './sample.ts';

const cases: Case[] = Array.from({ length: 90 }, (_, index) => ({
  name: `case-${index}`,
  covers: 'Text',
  ...(index < 10 && { core: true }),
  send: {},
  expect: {},
}));

function names({ seed, image }: { seed: string; image: string }): string[] {
  return drawSample({ cases, seed, image }).map(({ name }) => name);
}

test('it holds all that tell the most, and one in eight of the others', () => {
  const drawn = names({ seed: 'a', image: 'x:1' });
  expect(drawn).toHaveLength(20);
  expect(drawn).toEqual(expect.arrayContaining(Array.from({ length: 10 }, (_, index) => `case-${index}`)));
});

test('it is the same for the same seed and image', () => {
  expect(names({ seed: 'a', image: 'x:1' })).toEqual(names({ seed: 'a', image: 'x:1' }));
});

test.each([
  ['seed', { seed: 'b', image: 'x:1' }],
  ['image', { seed: 'a', image: 'x:2' }],
])('it is another one for another %s', (_what, other) => {
  expect(names(other)).not.toEqual(names({ seed: 'a', image: 'x:1' }));
});

test('in the long run it holds every case', () => {
  const seen = new Set(Array.from({ length: 100 }, (_, run) => names({ seed: String(run), image: 'x:1' })).flat());
  expect(seen.size).toBe(cases.length);
});
