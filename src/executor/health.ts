// What the executor and its runtimes are busy with, for a balancer.

import { cpus } from 'node:os';
import type { Executor } from './executor.ts';

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
    const entries = registry.all().filter(({ pending }) => !pending).map(({ id, name }) => [id, { status: 'pass' as const, usage: round(usages.get(name) ?? 0) }] as const);
    return { status: 'pass', usage, runtimes: Object.fromEntries(entries) };
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
