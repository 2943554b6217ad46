// An executor whose one runtime is a bare socket of the test, so that a function can answer with anything, and a caller
// that is one too.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { ServedExecutor } from '../../src/executor/serve.ts';
import type { ExecutorSettings } from '../../src/executor/settings.ts';
import { executorBefore } from './executor-before.ts';

/** Gets each piece that arrives on a connection, once a whole head has come. */
export type RawFunction = (request: { socket: Socket; text: string }) => void | Promise<void>;

export interface RawExecutor extends AsyncDisposable {
  port: number;
  served: ServedExecutor;
  /** Names of the instances that were ended. */
  ended: string[];
  /** Connections that the function has at the moment. */
  connections: Set<Socket>;
}

/** Its function has the id `one`. */
export async function rawExecutor({
  answer,
  changes = {},
}: {
  answer: RawFunction;
  changes?: Partial<ExecutorSettings>;
}): Promise<RawExecutor> {
  const connections = new Set<Socket>();
  const server = createServer((socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      const text = bytes.toString('latin1');
      if (text.startsWith('GET /__opr/health')) socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nOK');
      else void answer({ socket, text });
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const { served, ended, [Symbol.asyncDispose]: endExecutor } = await executorBefore({ port, changes });
  return {
    port: served.port,
    served,
    ended,
    connections,
    async [Symbol.asyncDispose]() {
      await endExecutor();
      for (const socket of connections) socket.destroy();
      server.close();
    },
  };
}

export interface RawCaller extends Disposable {
  socket: Socket;
  /** All that has come. */
  readonly received: string;
  readonly closed: boolean;
  send(text: string | Buffer): void;
  /** Resolves with all that has come as soon as it fits. */
  until(pattern: RegExp): Promise<string>;
  /** Resolves with all that has come when the other side has closed. */
  end(): Promise<string>;
}

export async function rawCaller({ port }: { port: number }): Promise<RawCaller> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const chunks: Buffer[] = [];
  socket.on('data', (bytes) => chunks.push(bytes)).on('error', () => {});
  await once(socket, 'connect');
  const received = () => Buffer.concat(chunks).toString('latin1');
  return {
    socket,
    get received() {
      return received();
    },
    get closed() {
      return socket.closed;
    },
    send: (text) => void socket.write(text),
    until: async (pattern) => {
      for (; !pattern.test(received()); await news(socket))
        if (socket.closed) throw new Error(`The connection was closed after ${JSON.stringify(received())}`);
      return received();
    },
    end: async () => {
      if (!socket.closed) await once(socket, 'close');
      return received();
    },
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

/** Resolves when something has come, or when nothing will any more. */
async function news(socket: Socket): Promise<void> {
  const other = new AbortController();
  const { signal } = other;
  const either = ['data', 'close'].map((event) => once(socket, event, { signal }));
  await Promise.race(either);
  other.abort();
  await Promise.allSettled(either);
}
