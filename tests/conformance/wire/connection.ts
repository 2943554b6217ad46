// One TCP connection to a server: requests go out byte for byte as encoded, answers come back unparsed by any library.

import { connect, type Socket } from 'node:net';
import { setImmediate as nextTurn, setTimeout as sleep } from 'node:timers/promises';
import type { WirePiece, WireRequest } from './request.ts';
import { createReader, ProtocolError } from './reader.ts';
import { readResponse, type WireResponse } from './response.ts';

/** So generous that only a server that hangs runs into it. */
const DEADLINE_MS = 60_000;
/** For what takes no time at all, such as a refusal. */
const REFUSING_MS = 10_000;

export interface Connection extends Disposable {
  /** Sends a request and reads its answer. Throws `ProtocolError` if none comes or it is not HTTP. */
  exchange(request: WireRequest): Promise<WireResponse>;
  /** Sends requests at once, in the given pieces, and reads their answers. Throws as `exchange` does. */
  pipeline(requests: readonly WireRequest[], pieces: readonly WirePiece[]): Promise<WireResponse[]>;
  /** Sends and does not wait for anything. */
  send(pieces: readonly WirePiece[]): Promise<void>;
  /** Once something of an answer is here, ends it in a way that the other side notices even if it only writes. */
  resetWithin(): Promise<void>;
  /**
   * Whether it ends here: nothing comes any more, not even when more is asked. Resolves with what is there instead.
   */
  ends(): Promise<string | undefined>;
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

  async function within<T>(milliseconds: number, answering: () => Promise<T>): Promise<T> {
    const deadline = setTimeout(
      () => socket.destroy(new ProtocolError(`no answer within ${milliseconds / 1_000} s`)),
      milliseconds,
    );
    try {
      return await answering();
    } catch (cause) {
      if (cause instanceof ProtocolError) throw cause;
      throw new ProtocolError(`the connection broke: ${(cause as Error).message}`, { cause });
    } finally {
      clearTimeout(deadline);
    }
  }

  async function pipeline(
    requests: readonly WireRequest[],
    pieces: readonly WirePiece[] = requests.flatMap((request) => request.pieces),
  ): Promise<WireResponse[]> {
    return within(requests.some(({ malformed }) => malformed) ? REFUSING_MS : DEADLINE_MS, async () => {
      const sent = sendPieces(socket, pieces).finally(() => {
        if (requests.at(-1)?.halfCloses === true) socket.end();
      });
      const responses: WireResponse[] = [];
      for (const { method } of requests) responses.push(await readResponse({ reader, method }));
      // An answer may come before the request is through; the next one must wait for its end.
      if (!socket.destroyed && socket.writable) await sent;
      return responses;
    });
  }

  return {
    pipeline,
    exchange: async (request) => {
      const [response] = await pipeline([request]);
      return response as WireResponse;
    },
    send: (pieces) => sendPieces(socket, pieces),
    resetWithin: () =>
      within(DEADLINE_MS, async () => {
        await reader.readSome(1);
        socket.resetAndDestroy();
      }),
    ends: () =>
      within(REFUSING_MS, async () => {
        if (socket.writable) socket.write('GET / HTTP/1.1\r\nhost: whoever.is.still.there\r\n\r\n');
        // A connection that is reset has ended as well.
        const more = await reader.readSome(256).catch((error: unknown) => {
          if (error instanceof ProtocolError) throw error;
          return undefined;
        });
        return more?.toString('latin1');
      }),
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

async function sendPieces(socket: Socket, pieces: readonly WirePiece[]): Promise<void> {
  for (const { pauseMs, bytes } of pieces) {
    if (pauseMs > 0) await quiet(pauseMs);
    if (!socket.writable) return;
    const open = socket.write(bytes);
    if (!open) await drained(socket);
  }
}

/** So long, and until a server in this process, however busy it is, has read what came before. */
async function quiet(milliseconds: number): Promise<void> {
  await sleep(milliseconds);
  for (let turn = 0; turn < 2; turn += 1) await nextTurn();
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
