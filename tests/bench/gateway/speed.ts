// Measures what each way to the function costs: alone, with many calls at once, and at a steady rate.

import { type Load, load } from '../load.ts';
import { quantiles, type Spread, spread } from '../statistics.ts';
import type { Arena, Contestant } from './arena.ts';
import { attack } from './vegeta.ts';

const SINGLE_SECONDS = 1;
const BUSY_SECONDS = 2;
export const BUSY_CONNECTIONS = 32;
export const PACED = { rate: 1_000, connections: 16, seconds: 3 };

export interface Seen {
  name: string;
  /** One connection, milliseconds. */
  medianMs: Spread;
  /** Over the direct way, within the same round. */
  addedMs: Spread;
  /** Many connections. */
  requestsPerSecond: Spread;
}

export interface SpeedResult {
  contestants: Seen[];
  /** What the gateway adds divided by what Go's ReverseProxy adds, within the same round. */
  addedRatio: Spread;
  throughputOverReverseProxy: Spread;
  throughputOverQueueProxy: Spread;
  /** Milliseconds at the 99th percentile, at a steady rate. */
  paced: { directP99Ms: Spread; gatewayP99Ms: Spread; addedP99Ms: Spread };
}

export interface SpeedRequest {
  arena: Arena;
  vegeta: string;
  rounds: number;
  say: (detail: string) => void;
  signal: AbortSignal;
}

type Round = Record<keyof Ways, { single: Load; busy: Load }>;
type Ways = Pick<Arena, 'direct' | 'gateway' | 'reverseProxy' | 'queueProxy' | 'haproxy'>;
const WAYS = ['direct', 'gateway', 'reverseProxy', 'queueProxy', 'haproxy'] as const satisfies (keyof Ways)[];

export async function measureSpeed({ arena, vegeta, rounds, say, signal }: SpeedRequest): Promise<SpeedResult> {
  const run = ({ prefix, ...contestant }: Contestant, connections: number, seconds: number) =>
    load({ ...contestant, path: `${prefix}/`, connections, seconds, signal });
  say('warming up');
  for (const way of WAYS) await run(arena[way], BUSY_CONNECTIONS, BUSY_SECONDS);
  const seen: Round[] = [];
  const paced: { direct: number; gateway: number }[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    say(`round ${round} of ${rounds}`);
    const loads: Partial<Round> = {};
    // Whoever goes first may find the machine in another state, so the order turns.
    for (const way of rotated(WAYS, round))
      loads[way] = {
        single: await run(arena[way], 1, SINGLE_SECONDS),
        busy: await run(arena[way], BUSY_CONNECTIONS, BUSY_SECONDS),
      };
    seen.push(loads as Round);
    const p99 = async (contestant: Contestant) =>
      quantiles((await attack({ vegeta, contestant, path: '/', ...PACED, signal })).map(({ tookMs }) => tookMs)).p99;
    paced.push({ direct: await p99(arena.direct), gateway: await p99(arena.gateway) });
  }
  const ratio = (over: keyof Ways) =>
    spread(seen.map((one) => one.gateway.busy.requestsPerSecond / one[over].busy.requestsPerSecond));
  const added = (one: Round, way: keyof Ways) => one[way].single.medianMs - one.direct.single.medianMs;
  return {
    contestants: WAYS.map((way) => ({
      name: arena[way].name,
      medianMs: spread(seen.map((one) => one[way].single.medianMs)),
      addedMs: spread(seen.map((one) => added(one, way))),
      requestsPerSecond: spread(seen.map((one) => one[way].busy.requestsPerSecond)),
    })),
    addedRatio: spread(seen.map((one) => added(one, 'gateway') / added(one, 'reverseProxy'))),
    throughputOverReverseProxy: ratio('reverseProxy'),
    throughputOverQueueProxy: ratio('queueProxy'),
    paced: {
      directP99Ms: spread(paced.map(({ direct }) => direct)),
      gatewayP99Ms: spread(paced.map(({ gateway }) => gateway)),
      addedP99Ms: spread(paced.map((one) => one.gateway - one.direct)),
    },
  };
}

function rotated<T>(items: readonly T[], by: number): T[] {
  return items.map((_item, index) => items[(index + by) % items.length] as T);
}
