// Tests how a port is chosen, and what happens when somebody else chooses it as well.

import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { onFreePort } from '../../../../scripts/start/port.ts';

const itself = async (port: number) => port;

test('a free port that was asked for is taken, a used one is refused', async () => {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await expect(onFreePort({ wish: port, listen: itself })).rejects.toThrow(`Port ${port} is taken.`);
  server.close();
  await once(server, 'close');
  expect(await onFreePort({ wish: port, listen: itself })).toBe(port);
});

test('without a wish there is always one', async () => {
  expect(await onFreePort({ wish: undefined, listen: itself })).toBeGreaterThan(0);
});

test('one that somebody takes between the look and the listening is given up for another', async () => {
  await using others = new AsyncDisposableStack();
  const tried: number[] = [];
  const chosen = await onFreePort({
    wish: undefined,
    listen: async (port) => {
      tried.push(port);
      if (tried.length === 2) return port;
      const other = createServer().listen(port);
      await once(other, 'listening');
      others.defer(async () => void other.close());
      return undefined;
    },
  });
  expect(tried).toEqual([tried[0], chosen]);
  expect(chosen).not.toBe(tried[0]);
});

test('one that was asked for and that somebody takes meanwhile is not replaced', async () => {
  await using others = new AsyncDisposableStack();
  const listen = async (port: number) => {
    const other = createServer().listen(port);
    await once(other, 'listening');
    others.defer(async () => void other.close());
    return undefined;
  };
  const wish = await onFreePort({ wish: undefined, listen: itself });
  await expect(onFreePort({ wish, listen })).rejects.toThrow(`Port ${wish} is taken.`);
});

test('there is an end to trying', async () => {
  await expect(onFreePort({ wish: undefined, listen: async () => undefined })).rejects.toThrow('--port NUMBER');
});
