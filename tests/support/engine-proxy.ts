// Stands between a client and the Docker Engine, so that a test can take the engine away and give it back.

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';

export interface EngineProxy extends AsyncDisposable {
  /** A value for DOCKER_HOST. */
  address: string;
  takeAway(): Promise<void>;
  giveBack(): Promise<void>;
}

export async function openEngineProxy(): Promise<EngineProxy> {
  const folder = await mkdtemp(join(tmpdir(), 'engine-'));
  const path = join(folder, 'docker.sock');
  const engine = await engineSocket();
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(engine);
    for (const [socket, other] of [[client, upstream], [upstream, client]] as const) {
      sockets.add(socket);
      socket.pipe(other);
      socket.on('error', () => other.destroy());
      socket.on('close', () => {
        sockets.delete(socket);
        other.destroy();
      });
    }
  });

  const giveBack = async () => void (await once(server.listen(path), 'listening'));
  const takeAway = async () => {
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  };

  await giveBack();
  return {
    address: `unix://${path}`,
    takeAway,
    giveBack,
    [Symbol.asyncDispose]: async () => {
      if (server.listening) await takeAway();
      await rm(folder, { recursive: true });
    },
  };
}

/** The socket of the engine that clients find by default. */
export async function engineSocket(): Promise<string> {
  const { socketPath } = new Docker().modem as { socketPath?: string | (() => Promise<string>) };
  const path = typeof socketPath === 'function' ? await socketPath() : socketPath;
  if (path === undefined) throw new Error('These tests need an engine at a socket of this host; DOCKER_HOST names another one.');
  return path;
}
