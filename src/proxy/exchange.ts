// Relays one request to a server and its answer back, each while it is still being made, and neither faster than the
// other side takes it.

import { findAnswerHead } from './answer.ts';
import { bodyReader, type BodyReader } from './body.ts';
import type { Answering, Caller } from './caller.ts';
import { type AnswerHead, MalformedError, type RequestHead } from './head.ts';
import { BodyWriter } from './output.ts';
import type { Opening, Pool, Upstream, UpstreamUser } from './pool.ts';
import type { AnswerFraming, LoggedRequest } from './message.ts';

/** Where a request goes, and what that means for it. */
export interface Route {
  /** Leads to `opened` or to `fail` of the exchange, at once or later. */
  open(exchange: Exchange): void;
  readonly requestId: string;
  readonly pool: Pool;
  /** See `Answering`; it counts until the answer begins. */
  readonly leftAfterMs?: number;
  requestHead(): string;
  answerHead(head: AnswerHead, framing: AnswerFraming): string;
  /** All of the request has been sent. */
  sent(): void;
  /** The head of the answer is here. */
  answering(): void;
  /** Nothing moves any more, and it is not the caller's request that is waited for. */
  stuck(exchange: Exchange): void;
  /** What the caller is told of a connection that broke, or of an answer that is none. */
  explain(error: unknown): Promise<unknown>;
  /** Called once, whatever has happened. */
  over(): void;
}

export class Exchange implements Answering, UpstreamUser, Opening {
  readonly request: RequestHead;
  readonly #caller: Caller;
  readonly #route: Route;
  #upstream: Upstream | undefined;
  #requestWriter: BodyWriter | undefined;
  #requestDone: boolean;
  #partial: Buffer | undefined;
  #answer: AnswerHead | undefined;
  #reader: BodyReader | undefined;
  #writer: BodyWriter | undefined;
  #keepCaller = false;
  #over = false;

  constructor({ caller, request, route }: { caller: Caller; request: RequestHead; route: Route }) {
    [this.#caller, this.request, this.#route] = [caller, request, route];
    this.#requestDone = request.body === 0;
  }

  get named(): LoggedRequest {
    return { method: this.request.method, path: this.request.target, requestId: this.#route.requestId };
  }

  get takesBody(): boolean {
    return this.#upstream !== undefined && !this.#upstream.output.socket.writableNeedDrain;
  }

  /** Whether the answer has begun, so that no other can be given. */
  get begun(): boolean {
    return this.#answer !== undefined;
  }

  get leftAfterMs(): number | undefined {
    return this.begun ? undefined : this.#route.leftAfterMs;
  }

  begin(): void {
    this.#route.open(this);
  }

  /** Whether the caller does not read what it is sent. */
  get unread(): boolean {
    return this.#caller.output.socket.writableNeedDrain;
  }

  /** Whether the request is on its way, and not all of it sent. */
  get sending(): boolean {
    return this.#upstream !== undefined && !this.#requestDone;
  }

  opened(upstream: Upstream): void {
    // The caller may have left while the connection was made.
    if (this.#over) return this.#route.pool.give(upstream);
    this.#upstream = upstream;
    upstream.user = this;
    upstream.output.text(this.#route.requestHead());
    this.#requestWriter = new BodyWriter({ output: upstream.output, chunked: this.request.body === 'chunked' });
    if (this.request.expectsContinue) this.#caller.output.text('HTTP/1.1 100 Continue\r\n\r\n');
    if (this.#requestDone) this.#route.sent();
    this.#caller.advance();
  }

  unreachable(error: Error): void {
    void this.#explain(error);
  }

  piece(bytes: Buffer): void {
    this.#requestWriter?.piece(bytes);
  }

  bodyEnd(): void {
    this.#requestWriter?.end();
    this.#requestDone = true;
    this.#route.sent();
  }

  flush(): void {
    if (this.request.expectsContinue) this.#caller.output.flush();
    this.#upstream?.output.flush();
  }

  free(bytes: Buffer): void {
    this.#upstream?.output.free(bytes);
  }

  drained(): void {
    this.#caller.advance();
  }

  callerDrained(): void {
    this.#upstream?.output.socket.resume();
  }

  answered(bytes: Buffer): void {
    this.#caller.touch();
    try {
      this.#relay(bytes);
    } catch (error) {
      if (!(error instanceof MalformedError)) throw error;
      void this.#explain(error);
    }
  }

  lost(error: Error | undefined): void {
    const untilEnd = this.#answer?.body === 'until-end' && error === undefined;
    if (untilEnd) this.#finish({ reusable: false });
    else void this.#explain(error ?? new Error('it closed the connection'));
  }

  left(): void {
    this.#end({ reusable: false });
  }

  stuck(): void {
    const waitsForCaller = !this.begun && !this.#requestDone && this.takesBody;
    if (waitsForCaller) this.fail(new MalformedError('its body has stopped coming'));
    else this.#route.stuck(this);
  }

  fail(error: unknown): void {
    if (this.#over) return;
    this.#end({ reusable: false });
    if (this.begun) this.#caller.destroy();
    else this.#caller.refuse({ error, keepAlive: this.request.keepAlive && !this.request.expectsContinue });
  }

  #relay(bytes: Buffer): void {
    const { output } = this.#caller;
    let from = 0;
    let all = bytes;
    if (!this.#reader) {
      if (this.#partial) all = Buffer.concat([this.#partial, bytes]);
      const checked = this.#partial?.length ?? 0;
      const found = findAnswerHead({ bytes: all, method: this.request.method, checked });
      from = found.from;
      if (!found.head) return void (this.#partial = all.subarray(from));
      this.#begin(found.head);
    }
    const reader = this.#reader as BodyReader;
    const to = reader.read({ bytes: all, from, sink: this.#writer as BodyWriter });
    if (reader.done) return this.#finish({ reusable: to === all.length });
    const upstream = this.#upstream as Upstream;
    if (!output.flush()) upstream.output.socket.pause();
    // What comes from within this process belongs to whoever has made it.
    if (upstream.output.leaves) output.free(bytes);
  }

  #begin(head: AnswerHead): void {
    const { modern, keepAlive } = this.request;
    const unframed = typeof head.body === 'string';
    const chunked = unframed && modern;
    this.#keepCaller = keepAlive && (!unframed || modern) && !this.#caller.draining;
    this.#partial = undefined;
    this.#answer = head;
    this.#reader = bodyReader(head.body);
    this.#route.answering();
    const length = head.status === 204 ? undefined : head.length;
    this.#caller.output.text(this.#route.answerHead(head, { chunked, length, close: !this.#keepCaller }));
    this.#writer = new BodyWriter({ output: this.#caller.output, chunked });
  }

  #finish({ reusable }: { reusable: boolean }): void {
    this.#writer?.end();
    this.#caller.output.flush();
    this.#end({ reusable: reusable && this.#requestDone && this.#answer?.keepAlive === true });
    this.#caller.finished({ keepAlive: this.#keepCaller });
  }

  async #explain(error: unknown): Promise<void> {
    if (this.#over) return;
    if (this.begun) return this.abandon();
    if (this.#upstream) this.#route.pool.drop(this.#upstream);
    this.#upstream = undefined;
    this.fail(await this.#route.explain(error));
  }

  /** An answer that cannot go on is cut off, so that nobody takes it for a whole one. */
  abandon(): void {
    this.#caller.output.flush();
    this.#end({ reusable: false });
    this.#caller.destroy();
  }

  #end({ reusable }: { reusable: boolean }): void {
    if (this.#over) return;
    this.#over = true;
    const { pool } = this.#route;
    if (this.#upstream) (reusable ? pool.give : pool.drop).call(pool, this.#upstream);
    this.#upstream = undefined;
    this.#route.over();
  }
}
