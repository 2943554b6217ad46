// Tests how a port is chosen.

import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { choosePort } from '../../../../scripts/start/port.ts';

test('a free port that was asked for is taken, a used one is refused', async () => {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await expect(choosePort(port)).rejects.toThrow(`Port ${port} is taken.`);
  server.close();
  await once(server, 'close');
  expect(await choosePort(port)).toBe(port);
});

test('without a wish there is always one', async () => {
  expect(await choosePort(undefined)).toBeGreaterThan(0);
});
