// Looking again and again ends with what was found, with what went wrong, or when nobody wants it any more.

import { expect, test } from 'vitest';
import { poll } from '../../../src/lib/poll.ts';

const failing = () => Promise.reject(new Error('no way'));
const PAUSES = { firstPauseMs: 1, longestPauseMs: 4 };

test('looks until there is something', async () => {
  const looks: (string | undefined)[] = [undefined, undefined, undefined, 'here', 'too late'];
  const found = await poll({ look: async () => looks.shift(), ...PAUSES, signal: new AbortController().signal });
  expect([found, looks]).toEqual(['here', ['too late']]);
});

test('takes null and false for something', async () => {
  const { signal } = new AbortController();
  expect(await poll({ look: async () => null, ...PAUSES, signal })).toBe(null);
  expect(await poll({ look: async () => false, ...PAUSES, signal })).toBe(false);
});

test('ends with what goes wrong', async () => {
  await expect(poll({ look: failing, ...PAUSES, signal: new AbortController().signal })).rejects.toThrow('no way');
});

test('ends with the reason of the signal, within a pause too', async () => {
  const enough = new AbortController();
  const look = async () => void setTimeout(() => enough.abort(new Error('enough')), 1);
  await expect(poll({ look, firstPauseMs: 600_000, longestPauseMs: 600_000, signal: enough.signal })).rejects.toThrow(
    'enough',
  );
});

test('does not look for one who has had enough before', async () => {
  let looks = 0;
  const looking = poll({ look: async () => (looks += 1), ...PAUSES, signal: AbortSignal.abort(new Error('enough')) });
  await expect(looking).rejects.toThrow('enough');
  expect(looks).toBe(0);
});
