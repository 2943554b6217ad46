// Finds ports of this host that nobody listens on, and whether somebody listens at one.

import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server } from 'node:net';

/** Different ones; taken all at once, so that none is given twice. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => once(server.close(), 'close')));
  return ports;
}

export async function isFree(port: number): Promise<boolean> {
  try {
    await once((await listen(port)).close(), 'close');
    return true;
  } catch {
    return false;
  }
}

/** Whether a connection is accepted within `limitMs` milliseconds. */
export async function isBound({
  host,
  port,
  limitMs,
}: {
  host: string;
  port: number;
  limitMs: number;
}): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(limitMs) });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function listen(port: number): Promise<Server> {
  const server = createServer().listen(port);
  await once(server, 'listening');
  return server;
}
