// Sends a million calls, then 30 minutes of steady load, and looks at whether anything of the executor grows meanwhile.

import { readdir } from 'node:fs/promises';
import { load } from '../load.ts';
import type { Arena } from './arena.ts';
import { measurePeak, WORK_PATH } from './peak.ts';
import { memory } from './streaming.ts';
import { attack } from './vegeta.ts';

const CALLS = 1_000_000;
const SECONDS = 5;
// By then caches and code are as large as they become.
const WARM_CALLS = 100_000;
const SOAK_MINUTES = 30;
const SOAK_SHARE = 0.7;

export interface EnduranceResult {
  calls: number;
  /** After the first tenth, and at the end. */
  memoryBytes: { before: number; after: number };
  descriptors: { before: number; after: number };
  soak: SoakResult;
}

export interface SoakResult {
  /** Calls a second. */
  rate: number;
  failed: number;
  /** What the executor used after each minute, in bytes. */
  memoryBytes: number[];
  descriptors: number[];
}

interface Endurance {
  arena: Arena;
  vegeta: string;
  say: (detail: string) => void;
  signal: AbortSignal;
}

/** @throws Error if any of the million calls fails. */
export async function measureEndurance({ arena, vegeta, say, signal }: Endurance): Promise<EnduranceResult> {
  const { prefix, ...gateway } = arena.gateway;
  let calls = 0;
  const until = async (target: number) => {
    while (calls < target) {
      const { requestsPerSecond } = await load({
        ...gateway,
        path: `${prefix}/`,
        connections: 16,
        seconds: SECONDS,
        signal,
      });
      calls += requestsPerSecond * SECONDS;
      say(`${Math.round(calls).toLocaleString('en')} calls`);
    }
  };
  await until(WARM_CALLS);
  const before = await look(arena);
  await until(CALLS);
  const after = await look(arena);
  return {
    calls: Math.round(calls),
    memoryBytes: { before: before.memory, after: after.memory },
    descriptors: { before: before.descriptors, after: after.descriptors },
    soak: await measureSoak({ arena, vegeta, say, signal }),
  };
}

/** A function that keeps a processor busy is called at a steady share of what it can answer. */
async function measureSoak({ arena, vegeta, say, signal }: Endurance): Promise<SoakResult> {
  const peak = await measurePeak({ arena, signal });
  const result: SoakResult = { rate: Math.round(peak * SOAK_SHARE), failed: 0, memoryBytes: [], descriptors: [] };
  for (let minute = 1; minute <= SOAK_MINUTES; minute += 1) {
    const hits = await attack({
      vegeta,
      contestant: arena.gateway,
      path: WORK_PATH,
      rate: result.rate,
      seconds: 60,
      connections: 64,
      signal,
    });
    const { memory: bytes, descriptors } = await look(arena);
    result.failed += hits.filter(({ status }) => status !== 200).length;
    result.memoryBytes.push(bytes);
    result.descriptors.push(descriptors);
    say(`minute ${minute} of ${SOAK_MINUTES}`);
  }
  return result;
}

async function look({ pid }: Arena): Promise<{ memory: number; descriptors: number }> {
  return { memory: await memory({ pid, field: 'VmRSS' }), descriptors: (await readdir(`/proc/${pid}/fd`)).length };
}
