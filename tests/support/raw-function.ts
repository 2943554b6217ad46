// An executor whose one runtime is a bare socket of the test, so that a function can answer with anything, and a caller
// that is one too.

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import type { Instance } from '../../src/adapters/adapter.ts';
import { createMemoryOrchestrator, openMemoryAdapter } from '../../src/adapters/memory.ts';
import { LABELS } from '../../src/executor/runtimes/identity.ts';
import { type ServedExecutor, serveExecutor } from '../../src/executor/serve.ts';
import type { ExecutorSettings } from '../../src/executor/settings.ts';
import { silentLog } from '../../src/lib/log.ts';
import { openStorage } from '../../src/storage/open.ts';
import { temporaryFolder } from './folder.ts';
import { DEFAULTS } from './memory-executor.ts';

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
  const folder = await temporaryFolder();
  const storage = openStorage({ dsn: `file://localhost${folder.path}/storage` });
  const ended: string[] = [];
  const labels = { [LABELS.id]: 'one', [LABELS.created]: '1', [LABELS.version]: 'v5', [LABELS.purpose]: 'serve' };
  const address = { host: '127.0.0.1', port: (server.address() as AddressInfo).port };
  const instance: Instance = {
    name: 'unit-one',
    image: 'invented/raw:1',
    hostname: 'h',
    labels,
    state: 'running',
    address,
  };
  const served = await serveExecutor({
    settings: { ...DEFAULTS, workFolder: `${folder.path}/work`, ...changes },
    adapter: {
      ...openMemoryAdapter({ orchestrator: createMemoryOrchestrator({ images: {} }) }),
      list: async () => [instance],
      inspect: async () => (ended.length === 0 ? instance : undefined),
      stop: async ({ name }) => void ended.push(name),
    },
    storage,
    cacheStorage: storage,
    log: silentLog,
    port: 0,
    drainIdleMs: 0,
  });
  return {
    port: served.port,
    served,
    ended,
    connections,
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
      for (const socket of connections) socket.destroy();
      server.close();
      await folder[Symbol.asyncDispose]();
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
