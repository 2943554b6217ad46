// All that is known of the standbys of one shape: who wants them, which wait, which are on their way.

import { type Demand, NO_DEMAND } from './demand.ts';
import type { Standby } from './fill.ts';
import type { Shape } from './shape.ts';

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 300_000;

export interface Pool {
  readonly shape: Shape;
  demand: Demand;
  /** Fewest that are kept, whoever asks. */
  least: number;
  readonly ready: Standby[];
  /** Those on their way, by name. */
  readonly filling: Map<string, AbortController>;
  /** After failures there is a pause, twice as long each time. */
  retry: { at: number; waitMs: number };
}

export function emptyPool(shape: Shape): Pool {
  return {
    shape,
    demand: NO_DEMAND,
    least: 0,
    ready: [],
    filling: new Map(),
    retry: { at: 0, waitMs: FIRST_RETRY_MS },
  };
}

export function filled(pool: Pool, standby: Standby): void {
  pool.retry.waitMs = FIRST_RETRY_MS;
  pool.ready.push(standby);
}

export function failed(pool: Pool): void {
  const { waitMs } = pool.retry;
  pool.retry = { at: Date.now() + waitMs, waitMs: Math.min(waitMs * 2, LAST_RETRY_MS) };
}

export function countOf({ ready, filling }: Pool): number {
  return ready.length + filling.size;
}

/** Those first that have the smallest part of what they may have. */
export function neediest({
  pools,
  allowed,
}: {
  pools: Map<string, Pool>;
  allowed: Map<string, number>;
}): [string, Pool][] {
  const part = ([key, pool]: [string, Pool]) => countOf(pool) / (allowed.get(key) || 1);
  return [...pools].toSorted((a, b) => part(a) - part(b));
}
