// Tests that the next job is done while the result of the one before is used.

import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { ahead } from '../../../../scripts/test/ahead.ts';

function jobs(names: string[]) {
  const said: string[] = [];
  const all = names.map((name) => async () => {
    said.push(`begin ${name}`);
    await turn();
    said.push(`end ${name}`);
    if (name === 'bad') throw new Error(name);
    return name;
  });
  return { said, calls: ahead(all) };
}

async function settle(): Promise<void> {
  for (let turns = 0; turns < 10; turns += 1) await turn();
}

test('the first is done when it is called for, and then the second, and no third', async () => {
  const { said, calls } = jobs(['a', 'b', 'c']);
  await settle();
  expect(said).toEqual([]);
  expect(await calls[0]?.()).toBe('a');
  await settle();
  expect(said).toEqual(['begin a', 'end a', 'begin b', 'end b']);
});

test('each is done once, whose result comes when it is called for', async () => {
  const { said, calls } = jobs(['a', 'b']);
  expect(await calls[0]?.()).toBe('a');
  expect(await calls[1]?.()).toBe('b');
  expect(said).toEqual(['begin a', 'end a', 'begin b', 'end b']);
});

test('one that fails fails for its caller only', async () => {
  const { calls } = jobs(['a', 'bad', 'c']);
  await calls[0]?.();
  await settle();
  await expect(calls[1]?.()).rejects.toThrow('bad');
  expect(await calls[2]?.()).toBe('c');
});
