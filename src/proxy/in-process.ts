// Connections to a server of this process that never leave it.

import { createServer, type RequestListener } from 'node:http';
import { duplexPair } from 'node:stream';
import { MAX_HEAD_BYTES } from './head.ts';
import { Pool } from './pool.ts';

/** To a server that listens nowhere, and gives requests all the time they need. */
export function inProcessPool(listener: RequestListener): Pool {
  const server = createServer({ requestTimeout: 0, headersTimeout: 0, maxHeaderSize: MAX_HEAD_BYTES }, listener);
  return new Pool({
    connect: () => {
      const [ours, theirs] = duplexPair();
      server.emit('connection', theirs);
      return ours;
    },
  });
}
