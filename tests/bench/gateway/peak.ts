// Measures how many calls a second a function can answer that computes for a while and can do so only for one call at a
// time.

import { load } from '../load.ts';
import type { Arena } from './arena.ts';

const CONNECTIONS = 32;
const SECONDS = 4;

/** The function's path for that. */
export const WORK_PATH = '/work/';

/** Answers a second. */
export async function measurePeak({
  arena: { gateway },
  signal,
}: {
  arena: Arena;
  signal: AbortSignal;
}): Promise<number> {
  const { prefix, ...address } = gateway;
  return (await load({ ...address, path: `${prefix}${WORK_PATH}`, connections: CONNECTIONS, seconds: SECONDS, signal }))
    .requestsPerSecond;
}
