// A caller's connection: reads one request after the other from it, has each answered, and ends when it should.

import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { bodyReader, type BodyReader, type Sink } from './body.ts';
import { checkRequestLine, MalformedError, parseRequest, type RequestHead } from './head.ts';
import { findHeadEnd } from './head-end.ts';
import type { FailedCall, LoggedRequest } from './message.ts';
import { Output } from './output.ts';

const NOTHING: Buffer = Buffer.alloc(0);
const LINE_END = 0x0a0d;
const MAX_WAITING_BYTES = 64 * 1024;
const KEEP_ALIVE_MS = 65_000;
const HEAD_MS = 30_000;
const CLOSING_MS = 5_000;

/** A request that is being answered, as the connection that it came on sees it. */
export interface Answering extends Sink {
  /** For how many milliseconds who sends nothing more is waited for; undefined: as long as it likes. */
  readonly leftAfterMs: number | undefined;
  readonly request: RequestHead;
  readonly named: LoggedRequest;
  /** Whether pieces of the request's body can be taken now. */
  readonly takesBody: boolean;
  begin(): void;
  bodyEnd(): void;
  /** Sends what has been put together. */
  flush(): void;
  /** For what the caller has sent and has been taken from as a whole. */
  free(bytes: Buffer): void;
  /** The caller has taken what it was sent. */
  callerDrained(): void;
  /** The caller is gone. */
  left(): void;
  /** Nothing has moved for a long time. */
  stuck(): void;
  /** Ends it with an error, which the caller sees unless the answer has begun. */
  fail(error: unknown): void;
}

/** What the connections have in common. */
export interface Callers {
  /** Milliseconds since the epoch, as of the last sweep: exact enough for limits of seconds, and free. */
  now: number;
  /** Whether connections end with the answer that is under way. */
  draining: boolean;
  /** Begins to answer a request. */
  serve(request: { caller: Caller; head: RequestHead }): Answering;
  /** The whole text of an answer that says what went wrong. */
  errorAnswer(failed: FailedCall): string;
  left(caller: Caller): void;
}

export class Caller {
  readonly output: Output;
  /** As it reached us. */
  readonly address: string;
  readonly #callers: Callers;
  readonly #socket: Duplex;
  #waiting = NOTHING;
  #at = 0;
  #exchange: Answering | undefined;
  /** The body of the request that is being answered; it may outlive the answer and is then read over. */
  #body: BodyReader | undefined;
  #advancing = false;
  #closing = false;
  /** Whether all that the caller sends has come. */
  #ended = false;
  /** Bytes of the head that is coming which have been looked at. */
  #checked = 0;
  #touched: number;

  constructor({ callers, socket }: { callers: Callers; socket: Duplex }) {
    this.#callers = callers;
    this.#socket = socket;
    this.output = new Output(socket);
    // One of IPv4 looks like this on a socket that serves both.
    this.address = ((socket instanceof Socket && socket.remoteAddress) || '').replace(/^::ffff:/, '');
    this.#touched = callers.now;
    socket.on('data', (bytes: Buffer) => this.#read(bytes));
    socket.on('drain', () => {
      this.touch();
      this.#exchange?.callerDrained();
      this.advance();
    });
    socket.on('end', () => {
      this.#ended = true;
      this.touch();
      // Who sends nothing more may wait for the answer all the same; whether somebody does shows when we write.
      this.advance();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.#callers.left(this);
      this.#exchange?.left();
      this.#exchange = undefined;
    });
  }

  get draining(): boolean {
    return this.#callers.draining;
  }

  touch(): void {
    this.#touched = this.#callers.now;
  }

  destroy(): void {
    this.#socket.destroy();
  }

  /** Goes as far as what has been read and what the other side takes allow. */
  advance(): void {
    if (this.#advancing) return;
    this.#advancing = true;
    try {
      while (this.#step());
      this.#exchange?.flush();
      if (this.#at === this.#waiting.length && this.#waiting !== NOTHING) this.#dropWaiting();
      if (this.#ended) this.#stepAfterEnd();
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      this.#refuseMalformed(error);
    } finally {
      this.#advancing = false;
    }
    const full = this.#waiting.length - this.#at > MAX_WAITING_BYTES;
    if (full === this.#socket.isPaused()) return;
    if (full) this.#socket.pause();
    else this.#socket.resume();
  }

  /** The answer is complete. */
  finished({ keepAlive }: { keepAlive: boolean }): void {
    this.#exchange = undefined;
    this.touch();
    if (keepAlive) this.advance();
    else this.#end();
  }

  /** Answers with an error, in place of the exchange. */
  refuse({ error, keepAlive }: { error: unknown; keepAlive: boolean }): void {
    if (this.#socket.destroyed) return;
    const close = !keepAlive || this.draining || error instanceof MalformedError;
    const request = this.#exchange?.request;
    this.output.text(
      this.#callers.errorAnswer({
        error,
        call: this.#exchange?.named,
        close,
        modern: request?.modern ?? true,
        withBody: request?.method !== 'HEAD',
      }),
    );
    this.output.flush();
    this.finished({ keepAlive: !close });
  }

  /** `idleMs`: how long it may wait for the next request. */
  sweep({ now, idleMs = KEEP_ALIVE_MS, stuckMs }: { now: number; idleMs?: number; stuckMs: number }): void {
    const quiet = now - this.#touched;
    if (this.#closing) return void (quiet > CLOSING_MS && this.destroy());
    if (this.#exchange) {
      if (this.#ended && quiet > (this.#exchange.leftAfterMs ?? Infinity)) this.destroy();
      else if (quiet > stuckMs) this.#exchange.stuck();
    } else if (quiet > (this.#at === this.#waiting.length && !this.#body ? idleMs : HEAD_MS)) this.destroy();
  }

  #read(bytes: Buffer): void {
    if (this.#closing) return;
    // The time for a head counts from its first byte, so that nobody can hold a connection with single ones.
    if (this.#exchange || this.#body || this.#at === this.#waiting.length) this.touch();
    this.#waiting =
      this.#at === this.#waiting.length ? bytes : Buffer.concat([this.#waiting.subarray(this.#at), bytes]);
    this.#at = 0;
    this.advance();
  }

  #dropWaiting(): void {
    const bytes = this.#waiting;
    this.#waiting = NOTHING;
    this.#at = 0;
    this.#exchange?.free(bytes);
  }

  /** One step; false when there is none to take. */
  #step(): boolean {
    if (this.#closing || this.#socket.destroyed) return false;
    if (this.#body) return this.#readBody(this.#body);
    if (this.#exchange || this.#socket.writableNeedDrain) return false;
    return this.#readHead();
  }

  #readBody(body: BodyReader): boolean {
    if (this.#at === this.#waiting.length || (this.#exchange && !this.#exchange.takesBody)) return false;
    this.#at = body.read({ bytes: this.#waiting, from: this.#at, sink: this.#exchange ?? UNWANTED });
    if (body.done) {
      this.#body = undefined;
      this.#exchange?.bodyEnd();
    }
    return true;
  }

  #readHead(): boolean {
    // Some callers send an empty line after a body (RFC 9112, section 2.2).
    while (this.#waiting.length - this.#at >= 2 && this.#waiting.readUInt16LE(this.#at) === LINE_END) {
      this.#at += 2;
      this.#checked = 0;
    }
    const from = this.#at;
    if (from === this.#waiting.length) return false;
    const end = findHeadEnd({ bytes: this.#waiting, from, checked: this.#checked, checkLine: checkRequestLine });
    this.#checked = end === -1 ? this.#waiting.length - from : 0;
    if (end === -1) return false;
    const head = parseRequest(this.#waiting.toString('latin1', from, end + 2));
    this.#at = end + 4;
    this.#body = head.body === 0 ? undefined : bodyReader(head.body);
    this.#exchange = this.#callers.serve({ caller: this, head });
    this.#exchange.begin();
    return true;
  }

  /** What is not whole by now never will be. */
  #stepAfterEnd(): void {
    if (this.#closing || this.#socket.destroyed) return;
    const nothing = this.#at === this.#waiting.length;
    if (this.#exchange) {
      if (this.#body && nothing) throw new MalformedError('its body has not come whole');
    } else if (nothing) this.#end();
    else if (!this.#socket.writableNeedDrain) throw new MalformedError('its head has not come whole');
  }

  #refuseMalformed(error: MalformedError): void {
    this.#body = undefined;
    if (this.#exchange) this.#exchange.fail(error);
    else this.refuse({ error, keepAlive: false });
  }

  /** What still comes is read over: a connection that is closed with bytes unread takes our answer with it. */
  #end(): void {
    this.#closing = true;
    this.#waiting = NOTHING;
    this.#at = 0;
    this.#socket.end();
    this.#socket.resume();
  }
}

const UNWANTED: Sink = { piece: () => {} };
