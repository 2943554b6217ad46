// Measures many first calls at once: of as many functions, and of one that takes few calls at a time.

import { type Quantiles, quantiles } from '../statistics.ts';
import type { ColdExecutor, FirstCall } from './executor.ts';

const FUNCTIONS = 50;
const CALLS = 100;
const CONCURRENCY = 25;
// So that they fit beside each other.
const MEMORY = 128;

export interface CrowdResult {
  functions: number;
  /** Of the first calls of that many functions at once. */
  burstMs: Quantiles;
  calls: number;
  concurrency: number;
  /** Of that many first calls of one function at once. */
  callsMs: Quantiles;
}

/** @throws Error if any call fails. */
export async function measureCrowd({
  executor,
  function: called,
  signal,
}: {
  executor: ColdExecutor;
  function: Omit<FirstCall, 'id'>;
  signal: AbortSignal;
}): Promise<CrowdResult> {
  const small = { ...called, memory: MEMORY };
  // The first calls have the standbys made that follow demand.
  await atOnce(FUNCTIONS, (index) => executor.call({ ...small, id: `before-${index}` }));
  await atOnce(FUNCTIONS, (index) => executor.remove(`before-${index}`));
  await executor.untilReady({ signal });
  const burst = await atOnce(FUNCTIONS, (index) => executor.call({ ...small, id: `burst-${index}` }));
  await atOnce(FUNCTIONS, (index) => executor.remove(`burst-${index}`));
  await executor.untilReady({ signal });
  const calls = await atOnce(CALLS, () => executor.call({ ...small, id: 'crowd', concurrency: CONCURRENCY }));
  await executor.remove('crowd');
  return {
    functions: FUNCTIONS,
    burstMs: quantiles(burst),
    calls: CALLS,
    concurrency: CONCURRENCY,
    callsMs: quantiles(calls),
  };
}

function atOnce<T>(count: number, action: (index: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => action(index)));
}
