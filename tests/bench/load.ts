// Sends load to a server by wrk, which needs so little of the machine that it is not itself what is measured.

import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import type { Steps } from '../../scripts/console/steps.ts';
import { installPackages, whyNoPackages } from '../../scripts/setup/packages.ts';
import { LOGGING_HEADER, SECRET_HEADER, TIMEOUT_HEADER } from '../../src/contract/headers.ts';

const run = promisify(execFile);
const SCRIPT = path.join(import.meta.dirname, 'wrk.lua');
const reportSchema = z.object({
  requests: z.number(),
  duration: z.number(),
  median: z.number(),
  p99: z.number(),
  failed: z.number(),
});

export interface LoadRequest {
  host: string;
  port: number;
  secret: string;
  /** `/` if left out. */
  path?: string;
  connections: number;
  /** Whole seconds. */
  seconds: number;
  signal: AbortSignal;
}

export interface Load {
  requestsPerSecond: number;
  /** Milliseconds from sending a request to having its answer. */
  medianMs: number;
  p99Ms: number;
}

/** Finds wrk, or installs it where that is possible. */
export async function ensureGenerator(steps: Steps): Promise<void> {
  await steps.run('Load generator wrk', async (say) => {
    if (await isPresent()) return { value: undefined, note: 'found' };
    const obstacle = await whyNoPackages();
    if (obstacle)
      throw new Error(
        `wrk is not there and cannot be installed from here: ${obstacle}. Install it (https://github.com/wg/wrk).`,
      );
    await installPackages({ names: ['wrk'], say });
    return { value: undefined, note: 'installed' };
  });
}

/**
 * Keeps every connection busy with one request after the other, with secret, time limit and logging on.
 * @throws Error if any request fails.
 */
export async function load({
  host,
  port,
  secret,
  path: target = '/',
  connections,
  seconds,
  signal,
}: LoadRequest): Promise<Load> {
  const headers = { [SECRET_HEADER]: secret, [TIMEOUT_HEADER]: '30', [LOGGING_HEADER]: 'enabled' };
  const { stdout } = await run(
    'wrk',
    [
      '--threads=1',
      `--connections=${connections}`,
      `--duration=${seconds}s`,
      `--script=${SCRIPT}`,
      ...Object.entries(headers).map(([name, value]) => `--header=${name}: ${value}`),
      `http://${host}:${port}${target}`,
    ],
    { signal },
  );
  const report = reportSchema.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));
  if (report.failed > 0 || report.requests === 0)
    throw new Error(`${report.failed} of ${report.requests} requests failed.`);
  return {
    requestsPerSecond: report.requests / (report.duration / 1e6),
    medianMs: report.median / 1000,
    p99Ms: report.p99 / 1000,
  };
}

/** wrk has no command that only says that it is there; asked for its version it ends with exit code 1. */
function isPresent(): Promise<boolean> {
  return run('wrk', ['--version']).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code !== 'ENOENT',
  );
}
