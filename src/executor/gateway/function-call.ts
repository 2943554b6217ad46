// A request for a function: lets it in, finds its runtime, gives it its time, and explains what went wrong.

import { explainBrokenConnection } from '../call/died.ts';
import { ExecutorError } from '../errors.ts';
import type { Executor } from '../executor.ts';
import { isPassable } from '../call/headers.ts';
import { newId } from '../../lib/ids.ts';
import { release } from '../call/instances.ts';
import { untilListening } from '../start/listening.ts';
import { NO_SPAN, type Span, STATUS_ATTRIBUTE, TRACEPARENT_HEADER, type Tracer, untraced } from '../observe/tracer.ts';
import { KILL_GRACE_MS, killRuntime } from '../stop/remove.ts';
import type { Runtime } from '../runtimes/runtime.ts';
import type { Exchange, Route } from '../../proxy/exchange.ts';
import type { AnswerFraming } from '../../proxy/message.ts';
import type { AnswerHead, RequestHead } from '../../proxy/head.ts';
import { givenRequestId, headForRuntime, valueOf } from './heads.ts';
import { acquire } from '../call/lease.ts';
import type { Entrant, Limits } from '../admission/limits.ts';
import type { Opening, Pool, Upstream } from '../../proxy/pool.ts';
import { writeAnswerHead } from '../../proxy/write-head.ts';
import type { RuntimePools } from './runtime-pools.ts';

export interface CallParts {
  executor: Executor;
  limits: Limits;
  pools: RuntimePools;
}

/** Where a request for a function goes. */
export interface Destination {
  name: string;
  /** As the function sees it. */
  path: string;
}

export class FunctionCall implements Route, Entrant, Opening {
  readonly requestId: string;
  readonly #parts: CallParts;
  readonly #destination: Destination;
  readonly #head: RequestHead;
  readonly #address: string;
  readonly #logId = newId();
  readonly #began = performance.now();
  readonly #span: Span;
  #exchange: Exchange | undefined;
  #place: 'none' | 'waiting' | 'taken' = 'none';
  #runtime: Runtime | undefined;
  #pool: Pool | undefined;
  #deadline: NodeJS.Timeout | undefined;
  #killed: Promise<void> | undefined;
  #tries = 0;
  #status: number | undefined;
  #over = false;

  constructor({
    parts,
    destination,
    head,
    address,
  }: {
    parts: CallParts;
    destination: Destination;
    head: RequestHead;
    address: string;
  }) {
    this.#parts = parts;
    this.#destination = destination;
    this.#head = head;
    this.#address = address;
    this.requestId = givenRequestId(head) || this.#logId;
    this.#span = this.#beginSpan(parts.executor.tracer);
  }

  get name(): string {
    return this.#destination.name;
  }

  get pool(): Pool {
    return this.#pool as Pool;
  }

  open(exchange: Exchange): void {
    this.#exchange = exchange;
    this.#place = 'waiting';
    try {
      this.#parts.limits.enter({ name: this.name, entrant: this });
    } catch (error) {
      this.#place = 'none';
      exchange.fail(error);
    }
  }

  admitted(): void {
    this.#place = 'taken';
    this.#acquire();
  }

  #acquire(): void {
    const runtime = acquire({ executor: this.#parts.executor, id: this.name });
    if (runtime instanceof Promise)
      runtime.then(
        (one) => this.#acquired(one),
        (error: unknown) => this.#exchange?.fail(error),
      );
    else this.#acquired(runtime);
  }

  refused(error: ExecutorError): void {
    this.#place = 'none';
    this.#exchange?.fail(error);
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
    const constant = this.#parts.pools.constantOf(this.#runtime as Runtime);
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
      const message = await explainBrokenConnection({ executor, runtime: this.#runtime as Runtime, error });
      return new ExecutorError({ type: 'execution_failed', message, cause: error });
    } catch (reason) {
      return reason;
    }
  }

  over(): void {
    this.#over = true;
    clearTimeout(this.#deadline);
    const { limits } = this.#parts;
    if (this.#place === 'waiting') limits.giveUp({ name: this.name, entrant: this });
    if (this.#runtime) release({ executor: this.#parts.executor, runtime: this.#runtime });
    // Last, since it may let in another one at once.
    if (this.#place === 'taken') limits.leave(this.name);
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
    if (this.#over) return release({ executor: this.#parts.executor, runtime });
    this.#runtime = runtime;
    this.#pool = this.#parts.pools.of(runtime);
    this.#connect();
  }

  #connect(): void {
    if (!this.#over) this.#pool?.take(this);
  }

  async #connectAgain(): Promise<void> {
    const runtime = this.#runtime as Runtime;
    runtime.listening = false;
    try {
      await untilListening({ executor: this.#parts.executor, runtime });
      this.#connect();
    } catch (error) {
      if (runtime.ended.signal.aborted && !this.#over) this.#acquireAnother(error);
      else this.#exchange?.fail(error);
    }
  }

  /** Of a function there may be other instances, or it may be known how to start one. */
  #acquireAnother(error: unknown): void {
    const { executor } = this.#parts;
    release({ executor, runtime: this.#runtime as Runtime });
    this.#runtime = undefined;
    if (executor.registry.instances(this.name).length > 0) this.#acquire();
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
      if (!runtime.ended.signal.aborted) await killRuntime({ executor, runtime });
    } catch (error) {
      executor.log.error({ runtime: runtime.id, error }, 'a runtime could not be ended');
    }
    this.#exchange?.fail(new ExecutorError({ type: 'execution_timeout' }));
  }
}
