// Sends one whole request over a connection of a pool, and reads its whole answer.

import { findAnswerHead } from './answer.ts';
import { bodyReader, type BodyReader, type Sink } from './body.ts';
import type { AnswerHead } from './head.ts';
import type { Opening, Pool, Upstream, UpstreamUser } from './pool.ts';

export interface ClientRequest {
  pool: Pool;
  method: string;
  /** In latin1, with the empty line at its end. It frames the body, by its length. */
  head: string;
  body: Buffer;
  /** Drops the connection when it aborts. */
  signal: AbortSignal;
  /** Of the answer's body. */
  maxBytes: number;
}

export interface Answer {
  head: AnswerHead;
  body: Buffer;
}

/** Nothing of the request has been sent: no connection was made, or it was aborted before. Its cause says why. */
export class UnreachedError extends Error {}

/** The answer's body is larger than was asked for. */
export class TooLargeError extends Error {}

/**
 * Throws `UnreachedError`, `MalformedError` for an answer that is none, `TooLargeError`, the signal's reason once
 * something has been sent, and what the connection broke with.
 */
export function request(asked: ClientRequest): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (asked.signal.aborted) reject(unreached(asked.signal.reason as Error));
    else asked.pool.take(new OneRequest({ asked, resolve, reject }));
  });
}

function unreached(cause: Error): UnreachedError {
  return new UnreachedError(cause.message, { cause });
}

interface Outcome {
  resolve(answer: Answer): void;
  reject(error: unknown): void;
}

class OneRequest implements Opening, UpstreamUser, Sink {
  readonly #asked: ClientRequest;
  readonly #outcome: Outcome;
  readonly #pieces: Buffer[] = [];
  readonly #aborted = (): void => {
    const { reason } = this.#asked.signal;
    this.#fail(this.#upstream ? reason : unreached(reason as Error));
  };
  #size = 0;
  #upstream: Upstream | undefined;
  #partial: Buffer | undefined;
  #head: AnswerHead | undefined;
  #reader: BodyReader | undefined;
  #over = false;

  constructor({ asked, ...outcome }: { asked: ClientRequest } & Outcome) {
    this.#asked = asked;
    this.#outcome = outcome;
    asked.signal.addEventListener('abort', this.#aborted, { once: true });
  }

  opened(upstream: Upstream): void {
    const { pool, head, body } = this.#asked;
    if (this.#over) return pool.give(upstream);
    this.#upstream = upstream;
    upstream.user = this;
    upstream.output.text(head);
    upstream.output.bytes(body);
    upstream.output.flush();
  }

  unreachable(cause: Error): void {
    this.#fail(unreached(cause));
  }

  answered(bytes: Buffer): void {
    try {
      this.#read(bytes);
    } catch (error) {
      this.#fail(error);
    }
  }

  lost(error: Error | undefined): void {
    this.#upstream = undefined;
    if (error === undefined && this.#head?.body === 'until-end') this.#succeed({ head: this.#head, reusable: false });
    else this.#fail(error ?? new Error('it closed the connection'));
  }

  drained(): void {}

  piece(bytes: Buffer): void {
    this.#size += bytes.length;
    this.#limit(this.#size);
    this.#pieces.push(bytes);
  }

  #read(bytes: Buffer): void {
    let from = 0;
    let all = bytes;
    if (!this.#head || !this.#reader) {
      if (this.#partial) all = Buffer.concat([this.#partial, bytes]);
      const checked = this.#partial?.length ?? 0;
      const found = findAnswerHead({ bytes: all, method: this.#asked.method, checked });
      this.#partial = found.head ? undefined : all.subarray(found.from);
      if (!found.head) return;
      if (typeof found.head.body === 'number') this.#limit(found.head.body);
      from = found.from;
      this.#head = found.head;
      this.#reader = bodyReader(found.head.body);
    }
    const to = this.#reader.read({ bytes: all, from, sink: this });
    if (!this.#reader.done) return;
    // What is still to be sent has met nobody, and what has come beyond the answer was not asked for.
    const unsent = this.#upstream?.output.socket.writableNeedDrain;
    this.#succeed({ head: this.#head, reusable: !unsent && to === all.length && this.#head.keepAlive });
  }

  #limit(size: number): void {
    const { maxBytes } = this.#asked;
    if (size > maxBytes) throw new TooLargeError(`the answer is larger than ${maxBytes} bytes`);
  }

  #succeed({ head, reusable }: { head: AnswerHead; reusable: boolean }): void {
    if (this.#end({ reusable })) this.#outcome.resolve({ head, body: Buffer.concat(this.#pieces) });
  }

  #fail(error: unknown): void {
    if (this.#end({ reusable: false })) this.#outcome.reject(error);
  }

  #end({ reusable }: { reusable: boolean }): boolean {
    if (this.#over) return false;
    this.#over = true;
    const { pool, signal } = this.#asked;
    signal.removeEventListener('abort', this.#aborted);
    if (this.#upstream) (reusable ? pool.give : pool.drop).call(pool, this.#upstream);
    this.#upstream = undefined;
    return true;
  }
}
