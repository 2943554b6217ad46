// Keeps the beginning of what a command writes, and lets it write on.

import { Writable } from 'node:stream';

/** A sink for stdout and stderr, and what of it was kept. */
export function collectOutput({ maxBytes }: { maxBytes: number }): {
  sink: Writable;
  taken: () => { output: Buffer; truncated: boolean };
} {
  const kept: Buffer[] = [];
  let room = maxBytes;
  let truncated = false;
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      if (chunk.length > room) truncated = true;
      if (room > 0) kept.push(chunk.subarray(0, room));
      room -= Math.min(chunk.length, room);
      done();
    },
  });
  return { sink, taken: () => ({ output: Buffer.concat(kept), truncated }) };
}
