// A request for the executor's own interface: relayed to its HTTP server in this process, over a connection that never
// leaves it.

import { ExecutorError } from '../errors.ts';
import { isEndToEnd } from '../../proxy/headers.ts';
import { newId } from '../../lib/ids.ts';
import type { Exchange, Route } from '../../proxy/exchange.ts';
import type { AnswerFraming } from '../../proxy/message.ts';
import type { AnswerHead, RequestHead } from '../../proxy/head.ts';
import { givenRequestId, headForControl } from './heads.ts';
import type { Pool } from '../../proxy/pool.ts';
import { writeAnswerHead } from '../../proxy/write-head.ts';

// A build that nobody waits for any more is ended. Who has closed only its own side gets quick answers all the same.
const LEFT_AFTER_MS = 10_000;

export class ControlCall implements Route {
  readonly leftAfterMs = LEFT_AFTER_MS;
  readonly pool: Pool;
  readonly requestId: string;
  readonly #head: RequestHead;

  constructor({ pool, head }: { pool: Pool; head: RequestHead }) {
    this.pool = pool;
    this.#head = head;
    this.requestId = givenRequestId(head) || newId();
  }

  open(exchange: Exchange): void {
    this.pool.take(exchange);
  }

  requestHead(): string {
    return headForControl({ head: this.#head, requestId: this.requestId });
  }

  answerHead(head: AnswerHead, framing: AnswerFraming): string {
    return writeAnswerHead({ head, framing, passes: isEndToEnd });
  }

  sent(): void {}

  answering(): void {}

  /** Builds, logs and executions may be quiet for as long as their own limits say. */
  stuck(exchange: Exchange): void {
    if (exchange.unread) exchange.abandon();
  }

  explain(error: unknown): Promise<unknown> {
    return Promise.resolve(new ExecutorError({ type: 'general_unknown', cause: error }));
  }

  over(): void {}
}
