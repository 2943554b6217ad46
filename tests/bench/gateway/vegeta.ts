// Sends requests at a rate, whether or not earlier ones are answered, as callers do.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';
import { LOGGING_HEADER, SECRET_HEADER, TIMEOUT_HEADER } from '../../../src/contract/headers.ts';
import type { Contestant } from './arena.ts';

const hitSchema = z.object({ code: z.number(), timestamp: z.string(), latency: z.number(), error: z.string() });

/** One request: its status (0: none came), when it was sent and how long it took, in milliseconds. */
export interface Hit {
  status: number;
  sentMs: number;
  tookMs: number;
}

export interface Attack {
  vegeta: string;
  contestant: Contestant;
  path: string;
  /** Requests a second. */
  rate: number;
  seconds: number;
  /** At most; more are opened only if answers are late. */
  connections: number;
  signal: AbortSignal;
}

export async function attack({ vegeta, contestant, path, rate, seconds, connections, signal }: Attack): Promise<Hit[]> {
  const { host, port, prefix, secret } = contestant;
  const headers = [`${SECRET_HEADER}: ${secret}`, `${TIMEOUT_HEADER}: 30`, `${LOGGING_HEADER}: enabled`].flatMap(
    (header) => ['-header', header],
  );
  const limits = [
    `-rate=${rate}`,
    `-duration=${seconds}s`,
    `-connections=${connections}`,
    `-workers=${Math.min(connections, 64)}`,
    `-max-workers=${connections}`,
    '-timeout=60s',
  ];
  const attacker = spawn(vegeta, ['attack', ...limits, ...headers], { stdio: ['pipe', 'pipe', 'inherit'], signal });
  const encoder = spawn(vegeta, ['encode', '-to=json'], { stdio: ['pipe', 'pipe', 'inherit'], signal });
  attacker.stdout.pipe(encoder.stdin);
  attacker.stdin.end(`GET http://${host}:${port}${prefix}${path}\n`);
  const chunks: Buffer[] = [];
  encoder.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  await Promise.all([once(attacker, 'close'), once(encoder, 'close')]);
  const lines = Buffer.concat(chunks)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => {
    const { code, timestamp, latency } = hitSchema.parse(JSON.parse(line));
    return { status: code, sentMs: Date.parse(timestamp), tookMs: latency / 1e6 };
  });
}
