// A whole executor that listens: recovers, serves, and ends by finishing what is in flight.

import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { createApp } from './api/app.ts';
import { createExecutor, type ExecutorParts } from './executor.ts';
import { createGateway } from './gateway/gateway.ts';
import { maintain } from './stop/maintenance.ts';
import { recover } from './stop/recover.ts';
import { instanceName } from './runtimes/state.ts';

export interface ServeOptions extends ExecutorParts {
  /** 0: any that is free. */
  port: number;
  /** The descriptor of a socket that listens already, in place of a port; other processes may share it. */
  fd?: number | undefined;
  /** For how long a connection must be unused to be closed without an answer that says so, when the executor ends. */
  drainIdleMs?: number;
}

export interface ServedExecutor extends AsyncDisposable {
  port: number;
  /** Standbys that wait. */
  readonly standbys: number;
}

/** Disposing of it stops listening and waits for what is in flight; runtimes go on running, for the next executor. */
export async function serveExecutor({ port, fd, drainIdleMs, ...parts }: ServeOptions): Promise<ServedExecutor> {
  if (parts.settings.secret === '') throw new Error('The executor needs a secret. Set OPR_EXECUTOR_SECRET.');
  const executor = createExecutor(parts);
  await recover(executor);
  const maintenance = await maintain(executor);
  const gateway = createGateway({ executor, control: createApp(executor) });
  const server = createServer({ noDelay: true, allowHalfOpen: true }, gateway.accept);
  server.listen(fd === undefined ? { port } : { fd });
  try {
    await once(server, 'listening');
  } catch (error) {
    await executor.standby[Symbol.asyncDispose]();
    await maintenance[Symbol.asyncDispose]();
    throw error;
  }
  return {
    port: (server.address() as AddressInfo).port,
    get standbys() {
      return executor.standby.waiting;
    },
    async [Symbol.asyncDispose]() {
      server.close();
      await gateway.drain(drainIdleMs === undefined ? {} : { idleMs: drainIdleMs });
      await executor.standby[Symbol.asyncDispose]();
      // The next executor knows runtimes by the names of their instances.
      await Promise.all(executor.registry.all().map(instanceName));
      await maintenance[Symbol.asyncDispose]();
    },
  };
}
