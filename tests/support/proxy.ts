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
  /** Passes nothing on any more: connections are accepted and kept, and nothing is answered. */
  silence(): void;
  /** After either of them. */
  giveBack(): Promise<void>;
}

export async function openProxy({ from, to }: { from: ListenOptions; to: NetConnectOpts }): Promise<Proxy> {
  const sockets = new Map<Socket, Socket | undefined>();
  let silent = false;
  const server = createServer((client) => {
    if (silent) {
      sockets.set(client, undefined);
      client.on('error', () => {}).on('close', () => sockets.delete(client));
      return;
    }
    const upstream = connect(to);
    for (const [socket, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      sockets.set(socket, other);
      socket.pipe(other);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });
  let { port = 0 } = from;

  const listen = async () => {
    await once(server.listen(from.path === undefined ? { ...from, port } : from), 'listening');
    port = (server.address() as AddressInfo).port;
  };
  const takeAway = async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets.keys()) socket.destroy();
    await closed;
  };

  await listen();
  return {
    port,
    takeAway,
    silence: () => {
      silent = true;
      for (const [socket, other] of sockets) if (other) socket.unpipe(other).pause();
    },
    giveBack: async () => {
      silent = false;
      if (server.listening) await takeAway();
      await listen();
    },
    [Symbol.asyncDispose]: async () => {
      if (server.listening) await takeAway();
    },
  };
}
