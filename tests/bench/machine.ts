// Describes the machine that numbers were measured on.

import { availableParallelism, cpus, loadavg, release, totalmem } from 'node:os';
import type Docker from 'dockerode';

export interface Machine {
  cores: number;
  cpu: string;
  memoryBytes: number;
  kernel: string;
  engine: string;
  date: string;
  /** Processes that wanted to run, on average over the last minute. */
  loadAverage: number;
}

export async function describeMachine({ docker, now }: { docker: Docker; now: Date }): Promise<Machine> {
  return {
    cores: availableParallelism(),
    cpu: cpus()[0]?.model.trim() ?? 'unknown',
    memoryBytes: totalmem(),
    kernel: release(),
    engine: (await docker.version()).Version,
    loadAverage: loadavg()[0] ?? 0,
    date: now.toISOString().slice(0, 10),
  };
}
