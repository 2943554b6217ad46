// All that is known of the standbys of one shape: who wants them, which wait, which are on their way.

import { type Demand, NO_DEMAND } from './demand.ts';
import type { Standby } from './fill.ts';
import type { Shape } from './shape.ts';

const FIRST_RETRY_MS = 1_000;
const LAST_RETRY_MS = 300_000;

export interface Shelf {
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

export function emptyShelf(shape: Shape): Shelf {
  return {
    shape,
    demand: NO_DEMAND,
    least: 0,
    ready: [],
    filling: new Map(),
    retry: { at: 0, waitMs: FIRST_RETRY_MS },
  };
}

export function filled(shelf: Shelf, standby: Standby): void {
  shelf.retry.waitMs = FIRST_RETRY_MS;
  shelf.ready.push(standby);
}

export function failed(shelf: Shelf): void {
  const { waitMs } = shelf.retry;
  shelf.retry = { at: Date.now() + waitMs, waitMs: Math.min(waitMs * 2, LAST_RETRY_MS) };
}

export function countOf({ ready, filling }: Shelf): number {
  return ready.length + filling.size;
}

/** Those first that have the smallest part of what they may have. */
export function neediest({
  shelves,
  allowed,
}: {
  shelves: Map<string, Shelf>;
  allowed: Map<string, number>;
}): [string, Shelf][] {
  const part = ([key, shelf]: [string, Shelf]) => countOf(shelf) / (allowed.get(key) || 1);
  return [...shelves].toSorted((a, b) => part(a) - part(b));
}
