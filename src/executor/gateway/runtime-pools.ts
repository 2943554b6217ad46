// A pool of connections for each runtime, for as long as it lives.

import { connect } from 'node:net';
import type { Runtime } from '../runtimes/runtime.ts';
import { type Constant, constantOf } from './heads.ts';
import { Pool } from '../../proxy/pool.ts';

export interface RuntimePools {
  of(runtime: Runtime): Pool;
  constantOf(runtime: Runtime): Constant;
  sweep(now: number): void;
  close(reason: Error): void;
}

interface Entry {
  pool: Pool;
  constant: Constant;
}

/** By runtime and not by address: another runtime may get the address of one that is gone. */
export function createRuntimePools({ timeoutMs }: { timeoutMs: number }): RuntimePools {
  const entries = new Map<Runtime, Entry>();

  function open(runtime: Runtime): Entry {
    const pool = new Pool({
      connect: () => {
        const { host, port } = runtime.address ?? { host: '', port: 0 };
        return connect({ host, port, noDelay: true });
      },
    });
    const { signal } = runtime.ended;
    const close = () => {
      entries.delete(runtime);
      pool.close(signal.reason as Error);
    };
    const entry = { pool, constant: constantOf({ runtime, timeout: Math.ceil(timeoutMs / 1000) }) };
    entries.set(runtime, entry);
    if (signal.aborted) close();
    else signal.addEventListener('abort', close, { once: true });
    return entry;
  }

  const entryOf = (runtime: Runtime) => entries.get(runtime) ?? open(runtime);
  return {
    of: (runtime) => entryOf(runtime).pool,
    constantOf: (runtime) => entryOf(runtime).constant,
    sweep: (now) => {
      for (const { pool } of entries.values()) pool.sweep(now);
    },
    close: (reason) => {
      for (const { pool } of entries.values()) pool.close(reason);
    },
  };
}
