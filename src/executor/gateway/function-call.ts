// A request for a function: lets it in, finds its runtime, gives it its time, and explains what went wrong.

import { newId } from '../../lib/ids.ts';
import type { Exchange, Route } from '../../proxy/exchange.ts';
import type { AnswerHead, RequestHead } from '../../proxy/head.ts';
import type { AnswerFraming } from '../../proxy/message.ts';
import type { Opening, Pool, Upstream } from '../../proxy/pool.ts';
import { writeAnswerHead } from '../../proxy/write-head.ts';
import type { Ticket } from '../admission/queue.ts';
import { acquire, release, takeRoom } from '../call/acquire.ts';
import { explainBrokenConnection, lookAfterUnreached } from '../call/broken-connection.ts';
import { isPassable } from '../call/headers.ts';
import { ExecutorError } from '../errors.ts';
import type { Executor } from '../executor.ts';
import { NO_SPAN, type Span, STATUS_ATTRIBUTE, TRACEPARENT_HEADER, type Tracer, untraced } from '../observe/tracer.ts';
import type { Runtime } from '../runtimes/runtime.ts';
import { untilListening } from '../start/readiness.ts';
import { KILL_GRACE_MS, killRuntime } from '../stop/remove.ts';
import { givenRequestId, headForRuntime, type ControlHeads, valueOf } from './heads.ts';

export interface CallParts {
  executor: Executor;
  controlHeads: ControlHeads;
}

/** Where a request for a function goes. */
export interface Destination {
  name: string;
  /** As the function sees it. */
  path: string;
}

export class FunctionCall implements Route, Opening {
  readonly requestId: string;
  readonly #parts: CallParts;
  readonly #destination: Destination;
  readonly #head: RequestHead;
  readonly #address: string;
  readonly #logId = newId();
  readonly #began = performance.now();
  readonly #span: Span;
  #exchange: Exchange | undefined;
  #ticket: Ticket | undefined;
  #leaving: AbortController | undefined;
  #runtime: Runtime | undefined;
  #pool: Pool | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #killed: Promise<void> | undefined;
  #tries = 0;
  #sentAt = 0;
  #status: number | undefined;
  #over = false;

  constructor(call: { parts: CallParts; destination: Destination; head: RequestHead; address: string }) {
    this.#parts = call.parts;
    this.#destination = call.destination;
    this.#head = call.head;
    this.#address = call.address;
    this.requestId = givenRequestId(call.head) || this.#logId;
    this.#span = this.#beginSpan(call.parts.executor.tracer);
  }

  get name(): string {
    return this.#destination.name;
  }

  get pool(): Pool {
    return this.#pool as Pool;
  }

  open(exchange: Exchange): void {
    this.#exchange = exchange;
    try {
      this.#ticket = this.#parts.executor.admission.enter();
    } catch (error) {
      return exchange.fail(error);
    }
    this.#acquire();
  }

  /** At once, if there is a runtime with room that answers. */
  #acquire(): void {
    const runtime = takeRoom({ executor: this.#parts.executor, id: this.name });
    if (runtime?.state.instance.listening) this.#acquired(runtime);
    else void this.#acquireLater(runtime);
  }

  async #acquireLater(present: Runtime | undefined): Promise<void> {
    const { executor } = this.#parts;
    try {
      const runtime = present ?? (await this.#wait());
      if (this.#over) return release({ executor, runtime });
      this.#runtime = runtime;
      await untilListening({ executor, runtime });
      this.#acquired(runtime);
    } catch (error) {
      this.#exchange?.fail(error);
    }
  }

  async #wait(): Promise<Runtime> {
    this.#leaving = new AbortController();
    const ticket = { ...(this.#ticket as Ticket), signal: this.#leaving.signal };
    return (await acquire({ executor: this.#parts.executor, id: this.name, ticket })).runtime;
  }

  opened(upstream: Upstream): void {
    this.#exchange?.opened(upstream);
  }

  /** Nothing has reached the runtime, so it may be tried again once it answers, as after a restart. */
  unreachable(error: Error): void {
    if (this.#over) return;
    this.#tries += 1;
    if (this.#tries > 1) this.#exchange?.unreachable(error);
    else void this.#connectAgain();
  }

  requestHead(): string {
    const constant = this.#parts.controlHeads(this.#runtime as Runtime);
    this.#sentAt = Date.now();
    const facts = {
      path: this.#destination.path,
      address: this.#address,
      requestId: this.requestId,
      logId: this.#logId,
      constant,
      traceparent: this.#span.traceparent,
    };
    return headForRuntime({ head: this.#head, facts });
  }

  answerHead(head: AnswerHead, framing: AnswerFraming): string {
    this.#status = head.status;
    return writeAnswerHead({ head, framing, passes: isPassable });
  }

  /** A function's time begins when all of the request is there, so that a slow caller cannot use it up. */
  sent(): void {
    this.#deadline = setTimeout(() => this.#timedOut(), this.#parts.executor.settings.gatewayTimeoutMs + KILL_GRACE_MS);
  }

  answering(): void {
    clearTimeout(this.#deadline);
  }

  stuck(exchange: Exchange): void {
    if (exchange.begun || exchange.unread) exchange.abandon();
    // The runtime does not read what it is sent. Whatever else it could be has a limit of its own.
    else if (exchange.sending) this.#timedOut();
  }

  async explain(error: unknown): Promise<unknown> {
    const { executor } = this.#parts;
    clearTimeout(this.#deadline);
    if (this.#killed) {
      await this.#killed;
      return new ExecutorError({ type: 'execution_timeout', cause: error });
    }
    try {
      const message = await explainBrokenConnection({
        executor,
        runtime: this.#runtime as Runtime,
        error,
        since: this.#sentAt,
      });
      return new ExecutorError({ type: 'execution_failed', message, cause: error });
    } catch (reason) {
      return reason;
    }
  }

  over(): void {
    this.#over = true;
    clearTimeout(this.#deadline);
    const { executor } = this.#parts;
    this.#leaving?.abort(new Error('The caller has closed the connection.'));
    if (this.#runtime) release({ executor, runtime: this.#runtime });
    if (this.#ticket) executor.admission.leave();
    this.#tell();
  }

  /** Looks at nothing when nobody traces. */
  #beginSpan(tracer: Tracer): Span {
    if (tracer === untraced) return NO_SPAN;
    const attributes = { 'open_runtimes.runtime': this.name, 'http.request.method': this.#head.method };
    return tracer.begin({ name: 'call', kind: 'server', parent: valueOf(this.#head, TRACEPARENT_HEADER), attributes });
  }

  #tell(): void {
    const status = this.#status;
    this.#parts.executor.meter.executed({ via: 'gateway', status, ms: performance.now() - this.#began });
    if (status !== undefined) this.#span.set({ [STATUS_ATTRIBUTE]: status });
    this.#span.end(status === undefined ? { error: 'The function gave no answer.' } : {});
  }

  #acquired(runtime: Runtime): void {
    this.#runtime = runtime;
    this.#pool = this.#parts.executor.pools.of(runtime);
    this.#connect();
  }

  #connect(): void {
    if (!this.#over) this.#pool?.take(this);
  }

  async #connectAgain(): Promise<void> {
    const { executor } = this.#parts;
    const runtime = this.#runtime as Runtime;
    try {
      await lookAfterUnreached({ executor, runtime });
      await untilListening({ executor, runtime });
      this.#connect();
    } catch (error) {
      if (runtime.ended.aborted && !this.#over) this.#acquireAnother(error);
      else this.#exchange?.fail(error);
    }
  }

  /** Of a function there may be other instances, or it may be known how to start one. */
  #acquireAnother(error: unknown): void {
    const { executor } = this.#parts;
    release({ executor, runtime: this.#runtime as Runtime });
    this.#runtime = undefined;
    if (executor.registry.replicas(this.name).length > 0) this.#acquire();
    else this.#exchange?.fail(error);
  }

  #timedOut(): void {
    const runtime = this.#runtime as Runtime;
    if (this.#killed || this.#over) return;
    this.#killed = this.#kill(runtime);
  }

  async #kill(runtime: Runtime): Promise<void> {
    const { executor } = this.#parts;
    try {
      if (!runtime.ended.aborted) await killRuntime({ executor, runtime });
    } catch (error) {
      executor.log.error({ runtime: runtime.id, error }, 'a runtime could not be ended');
    }
    this.#exchange?.fail(new ExecutorError({ type: 'execution_timeout' }));
  }
}
