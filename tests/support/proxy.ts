// Stands between a client and a server, so that a test can take the server away and give it back.

import { once } from 'node:events';
import {
  type AddressInfo,
  connect,
  createServer,
  type ListenOptions,
  type NetConnectOpts,
  type Socket,
} from 'node:net';

export interface Proxy extends AsyncDisposable {
  /** Of the proxy, if it listens on one. */
  port: number;
  /** Breaks every connection and refuses new ones. */
  takeAway(): Promise<void>;
  giveBack(): Promise<void>;
}

export async function openProxy({ from, to }: { from: ListenOptions; to: NetConnectOpts }): Promise<Proxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(to);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.add(socket);
      socket.pipe(other);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  let { port = 0 } = from;

  const giveBack = async () => {
    await once(server.listen(from.path === undefined ? { ...from, port } : from), 'listening');
    port = (server.address() as AddressInfo).port;
  };
  const takeAway = async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };

  await giveBack();
  return {
    port,
    takeAway,
    giveBack,
    [Symbol.asyncDispose]: async () => {
      if (server.listening) await takeAway();
    },
  };
}
