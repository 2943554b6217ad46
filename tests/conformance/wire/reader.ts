// Reads lines and bytes from a socket in the pieces in which they arrived.

import type { Socket } from 'node:net';

/** The server did not speak HTTP/1.1 as it should. */
export class ProtocolError extends Error {
  override name = 'ProtocolError';
}

export interface Reader {
  /** A line without its line end; undefined if the connection ended before it began. */
  readLine(): Promise<string | undefined>;
  /** Some bytes, at most `limit`; undefined at the end of the connection. */
  readSome(limit: number): Promise<Buffer | undefined>;
  /** Counts the arrivals: two reads with the same count came together. */
  arrivals(): number;
}

const LONGEST_LINE = 65_536;

export function createReader(socket: Socket): Reader {
  const incoming: AsyncIterator<Buffer> = socket.iterator({ destroyOnReturn: false });
  let buffered: Buffer = Buffer.alloc(0);
  let count = 0;

  async function fill(): Promise<boolean> {
    const next = await incoming.next();
    if (next.done === true) return false;
    buffered = buffered.length === 0 ? next.value : Buffer.concat([buffered, next.value]);
    count += 1;
    return true;
  }

  function take(length: number): Buffer {
    const taken = buffered.subarray(0, length);
    buffered = buffered.subarray(length);
    return taken;
  }

  return {
    arrivals: () => count,
    async readLine() {
      for (;;) {
        const end = buffered.indexOf('\r\n');
        if (end >= 0)
          return take(end + 2)
            .toString('latin1')
            .slice(0, -2);
        if (buffered.length > LONGEST_LINE) throw new ProtocolError('a line of the answer has no end');
        if (await fill()) continue;
        if (buffered.length === 0) return undefined;
        throw new ProtocolError(`the connection ended within a line: ${JSON.stringify(buffered.toString('latin1'))}`);
      }
    },
    async readSome(limit) {
      if (buffered.length === 0 && !(await fill())) return undefined;
      return take(Math.min(limit, buffered.length));
    },
  };
}
