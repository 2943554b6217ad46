// Measures how soon what a function writes is with the caller, and what passing on much of it costs the executor in
// memory.

import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { type Quantiles, quantiles } from '../statistics.ts';
import type { Arena, Contestant } from './arena.ts';

const GIB = 1024 ** 3;
const TICKS = 300;
const PIECE = Buffer.alloc(64 * 1024);

export interface StreamingResult {
  /** From the function's write to the caller's read, milliseconds. */
  delayMs: Quantiles;
  /** The executor's highest memory while 1 GiB passed, over what it had before, in bytes. */
  downBytes: number;
  upBytes: number;
}

export async function measureStreaming({ arena }: { arena: Arena }): Promise<StreamingResult> {
  return {
    delayMs: quantiles(await delays(arena.gateway)),
    downBytes: await grown({ pid: arena.pid, work: () => download(arena.gateway) }),
    upBytes: await grown({ pid: arena.pid, work: () => upload(arena.gateway) }),
  };
}

async function delays(contestant: Contestant): Promise<number[]> {
  const seen: number[] = [];
  for await (const bytes of await answer({ contestant, path: `/clock/${TICKS}` })) {
    const now = process.hrtime.bigint();
    const [written = ''] = (bytes as Buffer).toString('latin1').split('\n');
    seen.push(Number(now - BigInt(written)) / 1e6);
  }
  return seen;
}

async function download(contestant: Contestant): Promise<void> {
  let received = 0;
  for await (const bytes of await answer({ contestant, path: `/send/${GIB}` })) received += (bytes as Buffer).length;
  if (received !== GIB) throw new Error(`${received} bytes came instead of ${GIB}.`);
}

async function upload(contestant: Contestant): Promise<void> {
  const pieces = Readable.from(Array.from({ length: GIB / PIECE.length }, () => PIECE));
  const chunks = await Array.fromAsync(await answer({ contestant, path: '/take', body: pieces }));
  const received = Buffer.concat(chunks as Buffer[]).toString('latin1');
  if (received !== String(GIB)) throw new Error(`${received} bytes came instead of ${GIB}.`);
}

async function answer({
  contestant,
  path,
  body,
}: {
  contestant: Contestant;
  path: string;
  body?: Readable;
}): Promise<AsyncIterable<unknown>> {
  const { host, port, prefix } = contestant;
  const outgoing = request({ host, port, path: `${prefix}${path}`, method: body ? 'PUT' : 'GET' });
  if (body) body.pipe(outgoing);
  else outgoing.end();
  const [response] = (await once(outgoing, 'response')) as [AsyncIterable<unknown>];
  return response;
}

/** The kernel keeps the highest value by itself, and forgets it when asked to. */
async function grown({ pid, work }: { pid: number; work: () => Promise<void> }): Promise<number> {
  await writeFile(`/proc/${pid}/clear_refs`, '5');
  const before = await memory({ pid, field: 'VmRSS' });
  await work();
  return (await memory({ pid, field: 'VmHWM' })) - before;
}

export async function memory({ pid, field }: { pid: number; field: 'VmRSS' | 'VmHWM' }): Promise<number> {
  const kilobytes = new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(
    await readFile(`/proc/${pid}/status`, 'utf8'),
  )?.[1];
  return Number(kilobytes) * 1024;
}
