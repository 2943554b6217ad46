// Looks for something again and again until it is there, with pauses that grow.

import { setTimeout as sleep } from 'node:timers/promises';

export interface Poll<T> {
  /** What it returns is what was looked for, unless that is undefined. */
  look: () => Promise<T | undefined>;
  /** Milliseconds; each pause is twice the one before it, up to the longest. */
  firstPauseMs: number;
  longestPauseMs: number;
  signal: AbortSignal;
}

/** Throws what `look` throws, and between two looks the signal's reason. */
export async function poll<T>({ look, firstPauseMs, longestPauseMs, signal }: Poll<T>): Promise<T> {
  for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
    signal.throwIfAborted();
    const found = await look();
    if (found !== undefined) return found;
    await sleep(pause, undefined, { signal }).catch(() => {});
  }
}
