// A pool of connections for each runtime, for as long as it lives.

import { connect } from 'node:net';
import { Pool } from '../../proxy/pool.ts';
import type { Runtime } from './runtime.ts';

export interface RuntimePools {
  of(runtime: Runtime): Pool;
  /** Closes connections that are not used any more; `now` in milliseconds since the epoch. */
  sweep(now: number): void;
  close(reason: Error): void;
}

/** By runtime and not by address: another runtime may get the address of one that is gone. */
export function createRuntimePools(): RuntimePools {
  const pools = new Map<Runtime, Pool>();

  function open(runtime: Runtime): Pool {
    const pool = new Pool({
      connect: () => {
        const { host, port } = runtime.state.instance.address ?? { host: '', port: 0 };
        return connect({ host, port, noDelay: true });
      },
    });
    const close = () => {
      pools.delete(runtime);
      pool.close(runtime.ended.reason as Error);
    };
    pools.set(runtime, pool);
    if (runtime.ended.aborted) close();
    else runtime.ended.addEventListener('abort', close, { once: true });
    return pool;
  }

  return {
    of: (runtime) => pools.get(runtime) ?? open(runtime),
    sweep: (now) => {
      for (const pool of pools.values()) pool.sweep(now);
    },
    close: (reason) => {
      for (const pool of pools.values()) pool.close(reason);
    },
  };
}
