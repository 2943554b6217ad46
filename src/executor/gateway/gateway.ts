// The executor's door: takes connections, passes calls of functions on and their answers back, and gives all else to
// the executor's interface.
//
// A call should cost little more than the function does, so this is built on sockets: a request's head is read once,
// its control headers are replaced, its body is relayed as it comes. Node.js's own HTTP server and client, made for
// programs that look at requests, take about three times as long for it (docs/benchmarks.md). What they would do for us
// is in src/proxy/: reading heads (head.ts), bodies (body.ts), keeping connections (pool.ts, caller.ts). Whatever is
// not clearly one message and nothing else is refused, from callers and from functions alike, so that nobody can hide a
// second one in it.

import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { Caller, type Callers } from '../../proxy/caller.ts';
import { ControlCall } from './control-call.ts';
import { destinationOf } from './destination.ts';
import { errorAnswer } from './error-answer.ts';
import { Exchange } from '../../proxy/exchange.ts';
import { FunctionCall } from './function-call.ts';
import { createControlHeads } from './heads.ts';
import { inProcessPool } from '../../proxy/in-process.ts';
import type { Executor } from '../executor.ts';

const SWEEP_MS = 1_000;
const DRAIN_SWEEP_MS = 25;
const DRAIN_MS = 30_000;
// While it drains, a connection that is used as often as this is told to close with an answer and never just closed.
const DRAIN_IDLE_MS = 1_000;

export interface Gateway {
  accept(socket: Socket): void;
  /** Lets what is under way end, and every connection with it. Nothing may be accepted any more. */
  drain(request?: { idleMs?: number }): Promise<void>;
}

/** `control` gets all that is no call of a function. */
export function createGateway({ executor, control }: { executor: Executor; control: RequestListener }): Gateway {
  const { settings } = executor;
  const { gatewayTimeoutMs } = settings;
  const { pools } = executor;
  const controlHeads = createControlHeads({ timeout: Math.ceil(gatewayTimeoutMs / 1000) });
  const controlPool = inProcessPool(control);
  const open = new Set<Caller>();

  const callers: Callers = {
    now: Date.now(),
    draining: false,
    serve: ({ caller, head }) => {
      const destination = destinationOf(head.target);
      const route = destination
        ? new FunctionCall({ parts: { executor, controlHeads }, destination, head, address: caller.address })
        : new ControlCall({ pool: controlPool, head });
      return new Exchange({ caller, request: head, route });
    },
    errorAnswer: (request) => errorAnswer({ executor, ...request }),
    left: (caller) => open.delete(caller),
  };

  function sweep(idle: { idleMs?: number }): void {
    const now = Date.now();
    callers.now = now;
    for (const caller of open) caller.sweep({ now, stuckMs: gatewayTimeoutMs, ...idle });
    pools.sweep(now);
    controlPool.sweep(now);
  }

  const timer = setInterval(sweep, SWEEP_MS, {});

  return {
    accept: (socket) => void open.add(new Caller({ callers, socket })),
    drain: async ({ idleMs = DRAIN_IDLE_MS } = {}) => {
      callers.draining = true;
      clearInterval(timer);
      for (const deadline = Date.now() + DRAIN_MS; open.size > 0 && Date.now() < deadline; await pause(DRAIN_SWEEP_MS))
        sweep({ idleMs });
      for (const caller of open) caller.destroy();
      const reason = new Error('the executor ends');
      pools.close(reason);
      controlPool.close(reason);
    },
  };
}
