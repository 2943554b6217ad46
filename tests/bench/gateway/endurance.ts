// Sends a million calls, and looks at whether anything of the executor grows with them.

import { readdir } from 'node:fs/promises';
import { load } from '../load.ts';
import type { Arena } from './arena.ts';
import { memory } from './streaming.ts';

const CALLS = 1_000_000;
const SECONDS = 5;
// By then caches and code are as large as they become.
const WARM_CALLS = 100_000;

export interface EnduranceResult {
  calls: number;
  /** After the first tenth, and at the end. */
  memoryBytes: { before: number; after: number };
  descriptors: { before: number; after: number };
}

/** @throws Error if any call fails. */
export async function measureEndurance({ arena, say, signal }: { arena: Arena; say: (detail: string) => void; signal: AbortSignal }): Promise<EnduranceResult> {
  const { prefix, ...gateway } = arena.gateway;
  let calls = 0;
  const until = async (target: number) => {
    while (calls < target) {
      const { requestsPerSecond } = await load({ ...gateway, path: `${prefix}/`, connections: 16, seconds: SECONDS, signal });
      calls += requestsPerSecond * SECONDS;
      say(`${Math.round(calls).toLocaleString('en')} calls`);
    }
  };
  const look = async () => ({ memory: await memory({ pid: arena.pid, field: 'VmRSS' }), descriptors: (await readdir(`/proc/${arena.pid}/fd`)).length });
  await until(WARM_CALLS);
  const before = await look();
  await until(CALLS);
  const after = await look();
  return { calls: Math.round(calls), memoryBytes: { before: before.memory, after: after.memory }, descriptors: { before: before.descriptors, after: after.descriptors } };
}
