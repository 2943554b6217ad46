// One TCP connection to a server: requests go out byte for byte as encoded, answers come back unparsed by any library.

import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { WireRequest } from './request.ts';
import { createReader, ProtocolError } from './reader.ts';
import { readResponse, type WireResponse } from './response.ts';

/** So generous that only a server that hangs runs into it. */
const DEADLINE_MS = 60_000;

export interface Connection extends Disposable {
  /** Sends a request and reads its answer. Throws `ProtocolError` if none comes or it is not HTTP. */
  exchange(request: WireRequest): Promise<WireResponse>;
}

export async function openConnection({ host, port }: { host: string; port: number }): Promise<Connection> {
  const socket = connect({ host, port, noDelay: true });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  }).catch((cause: Error) => {
    throw new ProtocolError(`cannot connect: ${cause.message}`, { cause });
  });
  // A server may close before it has read everything; what counts is the answer that it sent.
  socket.on('error', () => {});
  const reader = createReader(socket);
  return {
    async exchange(request) {
      const deadline = setTimeout(
        () => socket.destroy(new ProtocolError(`no answer within ${DEADLINE_MS / 1_000} s`)),
        DEADLINE_MS,
      );
      try {
        const sent = sendRequest(socket, request);
        const response = await readResponse({ reader, method: request.method });
        // An answer may come before the request is through; the next one must wait for its end.
        if (!socket.destroyed && socket.writable) await sent;
        return response;
      } catch (cause) {
        if (cause instanceof ProtocolError) throw cause;
        throw new ProtocolError(`the connection broke: ${(cause as Error).message}`, { cause });
      } finally {
        clearTimeout(deadline);
      }
    },
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

async function sendRequest(socket: Socket, { head, body, pauseMs }: WireRequest): Promise<void> {
  socket.write(head, 'latin1');
  for (const [index, piece] of body.entries()) {
    if (index > 0 && pauseMs > 0) await sleep(pauseMs);
    if (!socket.writable) return;
    const open = socket.write(piece);
    if (!open) await drained(socket);
  }
}

async function drained(socket: Socket): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      socket.off('drain', done).off('close', done);
      resolve();
    };
    socket.once('drain', done).once('close', done);
  });
}
