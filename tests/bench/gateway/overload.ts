// Measures what is left of a function's peak when five times as many calls come, and how soon those learn that there is
// no room for them.

import { type Quantiles, quantiles } from '../statistics.ts';
import type { Arena } from './arena.ts';
import { measurePeak, WORK_PATH } from './peak.ts';
import { attack } from './vegeta.ts';

const FACTOR = 5;
const ATTACK_SECONDS = 10;
// The first calls fill the queue; what follows is overload.
const SETTLE_SECONDS = 3;
const CONNECTIONS = 4_000;

export interface OverloadResult {
  /** Answers a second of a function that takes a while, as many as it can give. */
  peak: number;
  /** Calls a second that came. */
  offered: number;
  /** Answers a second meanwhile. */
  goodput: number;
  refused: number;
  /** Neither answered nor refused with 503. */
  failed: number;
  refusedMs: Quantiles;
}

export async function measureOverload({
  arena,
  vegeta,
  signal,
}: {
  arena: Arena;
  vegeta: string;
  signal: AbortSignal;
}): Promise<OverloadResult> {
  const peak = await measurePeak({ arena, signal });
  const rate = Math.round(peak * FACTOR);
  const hits = await attack({
    vegeta,
    contestant: arena.gateway,
    path: WORK_PATH,
    rate,
    seconds: ATTACK_SECONDS,
    connections: CONNECTIONS,
    signal,
  });
  const began = Math.min(...hits.map(({ sentMs }) => sentMs)) + SETTLE_SECONDS * 1_000;
  const ended = began + (ATTACK_SECONDS - SETTLE_SECONDS) * 1_000;
  const within = hits.filter(({ sentMs, tookMs }) => sentMs + tookMs >= began && sentMs + tookMs < ended);
  const answered = within.filter(({ status }) => status === 200).length;
  const refused = within.filter(({ status }) => status === 503);
  return {
    peak,
    offered: rate,
    goodput: answered / (ATTACK_SECONDS - SETTLE_SECONDS),
    refused: refused.length,
    failed: hits.filter(({ status }) => status !== 200 && status !== 503).length,
    refusedMs: quantiles(refused.map(({ tookMs }) => tookMs)),
  };
}
