// The bytes of a request's body, and their framing in chunks.

import type { BodyData } from '../case.ts';

export function isPieces(body: BodyData | undefined): body is Extract<BodyData, { pieces: unknown }> {
  return typeof body === 'object' && 'pieces' in body;
}

/** The bytes of a body, in the pieces in which they are sent. */
export function bodyPieces(body: BodyData | undefined): Buffer[] {
  if (body === undefined) return [];
  if (typeof body === 'string') return [Buffer.from(body)];
  if (body instanceof Uint8Array) return [Buffer.from(body)];
  if (isPieces(body)) return body.pieces.map((piece) => Buffer.from(piece));
  return [Buffer.alloc(body.repeat.length * body.times, body.repeat)];
}

const CHUNK_BYTES = 65_536;

/** The pieces in chunked framing. */
export function inChunks(pieces: readonly Buffer[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (const piece of pieces) {
    for (let start = 0; start < piece.length; start += CHUNK_BYTES) {
      const chunk = piece.subarray(start, start + CHUNK_BYTES);
      chunks.push(Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]));
    }
  }
  // The end goes with the last chunk: a pause is between pieces only.
  const end = Buffer.from('0\r\n\r\n');
  return [...chunks.slice(0, -1), Buffer.concat([chunks.at(-1) ?? Buffer.alloc(0), end])];
}
