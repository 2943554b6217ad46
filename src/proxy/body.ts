// Cuts a message's body out of the bytes of a connection, whichever way it is framed, and frames it anew for the other
// side.

import { type Framing, MalformedError } from './head.ts';

const MAX_CHUNK_LINE = 1_024;
const MAX_TRAILER_BYTES = 16 * 1024;
const CR = 0x0d;
const LF = 0x0a;

/** Gets the pieces of a body as they come; they are parts of what was read, not copies. */
export interface Sink {
  piece(bytes: Buffer): void;
}

export interface BodyReader {
  readonly done: boolean;
  /** Hands on what belongs to the body and returns where in `bytes` it ended. Throws `MalformedError`. */
  read(request: { bytes: Buffer; from: number; sink: Sink }): number;
}

export function bodyReader(framing: Framing): BodyReader {
  if (framing === 'chunked') return new ChunkedReader();
  return new CountingReader(framing === 'until-end' ? Number.POSITIVE_INFINITY : framing);
}

/** A body of so many bytes; one that ends with the connection has more than will ever come. */
class CountingReader implements BodyReader {
  #left: number;

  constructor(length: number) {
    this.#left = length;
  }

  get done(): boolean {
    return this.#left === 0;
  }

  read({ bytes, from, sink }: { bytes: Buffer; from: number; sink: Sink }): number {
    const to = Math.min(bytes.length, from + this.#left);
    this.#left -= to - from;
    if (to > from) sink.piece(from === 0 && to === bytes.length ? bytes : bytes.subarray(from, to));
    return to;
  }
}

type ChunkedState =
  | 'size'
  | 'extension'
  | 'size-end'
  | 'data'
  | 'data-cr'
  | 'data-lf'
  | 'trailer'
  | 'trailer-line'
  | 'trailer-lf'
  | 'end-lf'
  | 'done';

/** Each line ends with CR LF and nothing else; extensions and trailers are read over, since they end here. */
class ChunkedReader implements BodyReader {
  #state: ChunkedState = 'size';
  #size = 0;
  #digits = 0;
  /** Bytes of the line or of the trailers so far. */
  #length = 0;

  get done(): boolean {
    return this.#state === 'done';
  }

  read({ bytes, from, sink }: { bytes: Buffer; from: number; sink: Sink }): number {
    let at = from;
    while (at < bytes.length && this.#state !== 'done') {
      if (this.#state === 'data') {
        const to = Math.min(bytes.length, at + this.#size);
        this.#size -= to - at;
        sink.piece(bytes.subarray(at, to));
        at = to;
        if (this.#size === 0) this.#state = 'data-cr';
      } else {
        this.#state = this.#next(bytes[at] as number);
        at += 1;
      }
    }
    return at;
  }

  #next(byte: number): ChunkedState {
    switch (this.#state) {
      case 'size': {
        const digit = hexDigit(byte);
        if (digit >= 0) {
          this.#digits += 1;
          if (this.#digits > 12) throw new MalformedError('a chunk is too large');
          this.#size = this.#size * 16 + digit;
          return 'size';
        }
        if (this.#digits === 0) throw new MalformedError('a chunk has no size');
        if (byte === CR) return 'size-end';
        if (byte === 0x3b) return 'extension';
        throw new MalformedError('the size of a chunk is no number');
      }
      case 'extension':
        this.#count(MAX_CHUNK_LINE);
        if (byte === CR) return 'size-end';
        if (isControl(byte)) throw new MalformedError('a chunk has a control character in its extension');
        return 'extension';
      case 'size-end':
        if (byte !== LF) throw new MalformedError('the size of a chunk does not end with its line');
        this.#length = 0;
        this.#digits = 0;
        return this.#size === 0 ? 'trailer' : 'data';
      case 'data-cr':
        if (byte !== CR) throw new MalformedError('a chunk is longer than its size');
        return 'data-lf';
      case 'data-lf':
        if (byte !== LF) throw new MalformedError('a chunk is longer than its size');
        return 'size';
      case 'trailer':
        if (byte === CR) return 'end-lf';
        this.#count(MAX_TRAILER_BYTES);
        if (isControl(byte) || byte === 0x20) throw new MalformedError('a trailer begins with what begins no header');
        return 'trailer-line';
      case 'trailer-line':
        this.#count(MAX_TRAILER_BYTES);
        if (byte === CR) return 'trailer-lf';
        if (isControl(byte)) throw new MalformedError('a trailer has a control character in it');
        return 'trailer-line';
      case 'trailer-lf':
        if (byte !== LF) throw new MalformedError('a trailer does not end with its line');
        return 'trailer';
      default:
        if (byte !== LF) throw new MalformedError('the trailers do not end with an empty line');
        return 'done';
    }
  }

  #count(most: number): void {
    this.#length += 1;
    if (this.#length > most) throw new MalformedError('what follows the size of a chunk is too long');
  }
}

function hexDigit(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

function isControl(byte: number): boolean {
  return (byte < 0x20 && byte !== 0x09) || byte === 0x7f;
}
