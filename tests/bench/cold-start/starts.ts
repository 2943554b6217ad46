// Measures cold starts of one runtime, one at a time, each of a function that never ran before.

import { type Quantiles, quantiles } from '../statistics.ts';
import type { ColdExecutor, FirstCall } from './executor.ts';

/** `warm` and `cold` find a standby of that kind waiting; `scratch` finds none. */
export type StartKind = 'warm' | 'cold' | 'scratch';

export interface StartsRequest {
  executor: ColdExecutor;
  kind: StartKind;
  function: Omit<FirstCall, 'id' | 'variables'>;
  rounds: number;
  say: (detail: string) => void;
  signal: AbortSignal;
}

// The first starts of a process are slower than all others, and are what makes standbys wanted.
const UNCOUNTED = 2;
// Such a variable counts only when a process starts, so that a server that has booted is no use.
const COLD_VARIABLES = { TZ: 'UTC' };

/** Milliseconds from the call to the last byte of its answer. */
export async function measureStarts({
  executor,
  kind,
  function: called,
  rounds,
  say,
  signal,
}: StartsRequest): Promise<Quantiles> {
  const seen: number[] = [];
  for (let round = 1 - UNCOUNTED; round <= rounds; round += 1) {
    signal.throwIfAborted();
    say(`${kind}: round ${Math.max(0, round)} of ${rounds}`);
    const id = `${kind}-${round + UNCOUNTED}`;
    const took = await executor.call({ ...called, id, variables: kind === 'cold' ? COLD_VARIABLES : {} });
    if (round > 0) seen.push(took);
    await executor.remove(id);
    if (kind !== 'scratch') await executor.untilReady({ signal });
  }
  return quantiles(seen);
}
