// A whole executor that listens: recovers, serves, and ends by finishing what is in flight.

import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Adapter } from '../adapters/adapter.ts';
import type { Log } from '../lib/log.ts';
import type { Storage } from '../storage/storage.ts';
import { createExecutor } from './executor.ts';
import { createApp } from './http/app.ts';
import { maintain } from './maintenance.ts';
import { recover } from './recover.ts';
import type { ExecutorSettings } from './settings.ts';

const DRAIN_MS = 30_000;

export interface ServeOptions {
  settings: ExecutorSettings;
  adapter: Adapter;
  storage: Storage;
  cacheStorage: Storage;
  log: Log;
  /** 0: any that is free. */
  port: number;
}

export interface ServedExecutor extends AsyncDisposable {
  port: number;
}

/** Disposing of it stops listening and waits for what is in flight; runtimes go on running, for the next executor. */
export async function serveExecutor({ port, ...parts }: ServeOptions): Promise<ServedExecutor> {
  if (parts.settings.secret === '') throw new Error('The executor needs a secret. Set OPR_EXECUTOR_SECRET.');
  const executor = createExecutor(parts);
  await recover(executor);
  const maintenance = await maintain(executor);
  // Executions may take as long as their own limits say.
  const server = createServer({ requestTimeout: 0, maxHeaderSize: 64 * 1024 }, createApp(executor));
  server.listen(port);
  try {
    await once(server, 'listening');
  } catch (error) {
    await maintenance[Symbol.asyncDispose]();
    throw error;
  }
  return {
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      await drain(server);
      await maintenance[Symbol.asyncDispose]();
    },
  };
}

async function drain(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
  await closed;
  clearTimeout(timer);
}
