// Writes to a connection: what is small and comes together leaves together, in one system call; what is large is not
// copied.

import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';

// Below it, copying is cheaper than a second buffer in the same system call.
const SMALL = 4_096;

export class Output {
  readonly socket: Duplex;
  /** Whether what is written leaves the process, so that nobody holds on to it afterwards. */
  readonly leaves: boolean;
  #pending = '';
  #written: ArrayBufferLike[] = [];

  constructor(socket: Duplex) {
    this.socket = socket;
    this.leaves = socket instanceof Socket;
  }

  /** Of latin1. Leaves with the next `flush`. */
  text(text: string): void {
    this.#pending += text;
  }

  bytes(bytes: Buffer): void {
    if (bytes.length <= SMALL) {
      this.#pending += bytes.toString('latin1');
      return;
    }
    this.socket.cork();
    this.#write();
    this.socket.write(bytes);
    this.socket.uncork();
  }

  /** False: the other side is slower than we are; the socket says `drain` when it has caught up. */
  flush(): boolean {
    this.#write();
    return !this.socket.writableNeedDrain;
  }

  /**
   * For bytes that were read from a socket and are of no use to anybody once they are written. Large ones would wait in
   * great numbers for the garbage collector, which minds how many objects there are and not how much they hold.
   */
  free(bytes: Buffer): void {
    const { buffer, byteLength } = bytes;
    if (this.leaves && byteLength > SMALL && byteLength === buffer.byteLength) this.#written.push(buffer);
    if (this.socket.writableLength > 0) return;
    for (const each of this.#written) if (each instanceof ArrayBuffer) each.transfer(0);
    this.#written.length = 0;
  }

  #write(): void {
    if (this.#pending === '') return;
    this.socket.write(this.#pending, 'latin1');
    this.#pending = '';
  }
}

/** Writes the pieces of a body in the framing that was announced for it. */
export class BodyWriter {
  readonly #output: Output;
  readonly #chunked: boolean;

  constructor({ output, chunked }: { output: Output; chunked: boolean }) {
    this.#output = output;
    this.#chunked = chunked;
  }

  piece(bytes: Buffer): void {
    if (!this.#chunked) return this.#output.bytes(bytes);
    this.#output.text(`${bytes.length.toString(16)}\r\n`);
    this.#output.bytes(bytes);
    this.#output.text('\r\n');
  }

  end(): void {
    if (this.#chunked) this.#output.text('0\r\n\r\n');
  }
}
