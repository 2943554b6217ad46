// Finds a port to listen on.

import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

export const USUAL_PORT = 3000;

/**
 * The port that was asked for; without a wish the usual one, or any that is free if somebody has that.
 * @throws Error if the port that was asked for is taken.
 */
export async function choosePort(wish: number | undefined): Promise<number> {
  if (await isFree(wish ?? USUAL_PORT)) return wish ?? USUAL_PORT;
  if (wish !== undefined)
    throw new Error(`Port ${wish} is taken. Choose another, or leave --port out to get one that is free.`);
  return freePort();
}

async function isFree(port: number): Promise<boolean> {
  return listenBriefly(port).then(
    () => true,
    () => false,
  );
}

async function freePort(): Promise<number> {
  return listenBriefly(0);
}

async function listenBriefly(port: number): Promise<number> {
  const server = createServer().listen(port);
  await once(server, 'listening');
  const { port: given } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return given;
}
