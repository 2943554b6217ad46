// What an executor counts and times, told by plain calls that cost nothing when nobody measures.

import type { ErrorType } from '../errors.ts';

/** From nothing; from a container that waited; from one whose server had booted before it waited. */
export type StartKind = 'scratch' | 'standby' | 'warm-standby';

/** What an executor has now. */
export interface Levels {
  /** Requests that wait, by what they wait for. */
  waiting: Readonly<Record<string, number>>;
  /** Runtimes that there may be at once. */
  capacity: number;
  starting: number;
  running: number;
  /** Instances that wait to become runtimes. */
  standbys: number;
  /** Executions, commands and log readers. */
  inFlight: number;
}

/** Times in milliseconds. */
export interface Meter {
  /** An instance runs; counted from when there was room for it. */
  started(start: { kind: StartKind; ms: number }): void;
  /** A server that was waited for takes requests. */
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
