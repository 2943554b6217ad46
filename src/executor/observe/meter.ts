// What an executor counts and times, told by plain calls that cost nothing when nobody measures.

import type { ErrorType } from '../errors.ts';

/** How an instance came to run: made anew; from the standby pool; from the pool with its server booted. */
export type StartKind = 'scratch' | 'standby' | 'warm-standby';

/** What an executor has now. */
export interface Levels {
  /** Queued requests, by what they are queued for. */
  queued: Readonly<Record<string, number>>;
  /** Runtimes that there may be at once. */
  capacity: number;
  starting: number;
  running: number;
  /** Instances in the standby pool. */
  standbys: number;
  /** Executions, commands and log readers. */
  inFlight: number;
}

/** Times in milliseconds. */
export interface Meter {
  /** An instance runs; counted from its admission. */
  started(start: { kind: StartKind; ms: number }): void;
  /** A server that was waited for is ready for requests. */
  listened(wait: { ms: number }): void;
  built(build: { ok: boolean; ms: number }): void;
  /** The function's status; undefined if there was none. */
  executed(execution: { via: 'execution' | 'gateway'; status: number | undefined; ms: number }): void;
  failed(type: ErrorType): void;
  /** From where the levels are read when somebody looks. */
  watch(read: () => Levels): void;
}

export const unmetered: Meter = {
  started: () => {},
  listened: () => {},
  built: () => {},
  executed: () => {},
  failed: () => {},
  watch: () => {},
};
