// What the executor and its runtimes are busy with, for a balancer.

import { cpus } from 'node:os';
import type { Executor } from '../executor.ts';

interface Health {
  status: 'pass';
  /** Percent of all cores of this host, since the last question. */
  usage: number;
  /** By id; percent of one core. */
  runtimes: Record<string, { status: 'pass'; usage: number }>;
}

export function createHealth({ adapter, registry }: Executor): () => Promise<Health> {
  let before = cpuTimes();
  return async () => {
    const now = cpuTimes();
    const total = now.total - before.total;
    const usage = total > 0 ? round(((now.busy - before.busy) / total) * 100) : 0;
    before = now;
    const usages = await adapter.usage();
    const runtimes: Health['runtimes'] = {};
    for (const { id, name } of registry.all().filter(({ state }) => state.is === 'serving')) {
      // A function may have several instances.
      runtimes[id] = { status: 'pass', usage: round((runtimes[id]?.usage ?? 0) + (usages.get(name) ?? 0)) };
    }
    return { status: 'pass', usage, runtimes };
  };
}

function cpuTimes(): { busy: number; total: number } {
  const all = cpus().map(({ times }) => times);
  const total = all.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
  return { total, busy: total - all.reduce((sum, { idle }) => sum + idle, 0) };
}

function round(percent: number): number {
  return Math.round(percent * 100) / 100;
}
