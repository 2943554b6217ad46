// The fixture's functions for the fake: the interpreter of README.md and the three that do not load.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Reply, Returned } from './reply.ts';

export interface Context {
  req: Record<'method' | 'url' | 'scheme' | 'host' | 'path' | 'queryString', string> & {
    port: number;
    query: Record<string, string>;
    headers: Record<string, string>;
    readonly bodyBinary: Buffer;
    readonly bodyText: string;
    readonly bodyRaw: string;
    readonly bodyJson: unknown;
    readonly body: unknown;
  };
  res: Responses;
  log(...values: unknown[]): void;
  error(...values: unknown[]): void;
  print(text: string): void;
  printError(text: string): void;
  env(name: string): string;
}

export type Responses = Record<string, (...parameters: unknown[]) => Reply>;
export type UserFunction = (context: Context) => Promise<Returned | undefined>;
type Step = readonly [verb: string, ...values: readonly unknown[]];
type Wanted = { kind: string } & Record<'body' | 'status' | 'headers', unknown>;

/** Longer than the shortest timeout. */
const SLOW_LOAD_MS = 1_500;

/** What importing the user's file gives. Throws as a module does that cannot be loaded. */
export async function importFixture(fixture: string): Promise<unknown> {
  if (fixture === 'slow-load') await sleep(SLOW_LOAD_MS);
  if (fixture === 'slow-load') return async ({ res }: Context) => res['text']?.('ready');
  if (fixture === 'function') return createInterpreter();
  if (fixture === 'no-function') return 'no function';
  if (fixture === 'syntax-error') throw new SyntaxError('unexpected end of input');
  throw new Error('load error on purpose');
}

function createInterpreter(): UserFunction {
  let calls = 0;
  return async (context) => {
    calls += 1;
    const steps = context.req.headers['x-conformance-steps'];
    return steps === undefined
      ? context.res['text']?.('ready')
      : carryOut({ steps: JSON.parse(steps) as Step[], context, calls });
  };
}

interface Orders {
  steps: readonly Step[];
  context: Context;
  calls: number;
}

async function carryOut({ steps, context, calls }: Orders): Promise<Returned | undefined> {
  for (const [verb, ...values] of steps) {
    const [first, ...rest] = values;
    if (verb === 'repeat') {
      for (let turn = 0; turn < Number(first); turn += 1) await carryOut({ steps: rest as Step[], context, calls });
    } else if (verb === 'later') {
      void sleep(Number(first)).then(() => carryOut({ steps: rest as Step[], context, calls }));
    } else if (verb === 'nothing') {
      return undefined;
    } else if (verb === 'count') {
      return context.res['text']?.(String(calls));
    } else {
      const returned = await act(verb, { values, context });
      if (returned !== undefined) return returned;
    }
  }
  return undefined;
}

async function act(
  verb: string,
  { values, context }: { values: readonly unknown[]; context: Context },
): Promise<Returned | undefined> {
  const [first, second] = values;
  if (verb === 'log') context.log(...values);
  else if (verb === 'error') context.error(...values);
  else if (verb === 'log-long') context.log(String(first).repeat(Number(second)));
  else if (verb === 'log-exception') context.log(new Error(String(first)));
  else if (verb === 'print') context.print(String(first));
  else if (verb === 'print-error') context.printError(String(first));
  else if (verb === 'throw') throw new Error(String(first));
  else if (verb === 'sleep' || verb === 'block') await sleep(Number(first));
  else if (verb === 'discard') reply(first as Wanted, context);
  else if (verb === 'leave')
    for (const one of [context, context.req, context.res]) Reflect.set(one, String(first), true);
  else if (verb === 'find') return context.res['text']?.(whoHas(String(first), context));
  else if (verb === 'reply') return reply(first as Wanted, context);
  else if (verb === 'reply-frozen') return replyFrozen(first as Wanted, context);
  else if (verb === 'echo') return echo(String(first), context);
  else if (verb === 'env') return context.res['text']?.(context.env(String(first)));
  else if (verb === 'number') return context.res['json']?.({ number: Number(first) });
  else if (verb === 'text-of') return context.res['text']?.(String(first));
  else if (verb === 'stream') return context.res['text']?.(stream(Number(first), values.slice(1) as string[]));
  else throw new Error(`unknown step ${verb}`);
  return undefined;
}

function whoHas(member: string, context: Context): string {
  const { req, res } = context;
  const having = Object.entries({ context, req, res }).filter(([, one]) => Object.hasOwn(one, member));
  return having.map(([name]) => name).join(', ');
}

function reply({ kind, body, status, headers }: Wanted, { res }: Context): Returned {
  if (kind === 'map') {
    const members = { body, statusCode: status, headers };
    return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
  }
  const sent = kind === 'binary' ? Uint8Array.from(body as number[]) : body;
  const make = res[kind];
  if (make === undefined) throw new Error(`unknown kind ${kind}`);
  return make(sent, status, headers);
}

function replyFrozen(wanted: Wanted, context: Context): Returned | undefined {
  const before = JSON.stringify(wanted.headers);
  reply(wanted, context);
  return context.res['text']?.(JSON.stringify(wanted.headers) === before ? 'unchanged' : 'changed');
}

function echo(what: string, { req, res }: Context): Returned | undefined {
  if (what === 'bodyText' || what === 'bodyRaw') return res['text']?.(req[what]);
  if (what === 'bodyBinary') return res['binary']?.(req.bodyBinary);
  if (what === 'bodyJson') return res['json']?.(req.bodyJson);
  if (what === 'body') return res['json']?.({ type: typeof req.body === 'string' ? 'text' : 'json', value: req.body });
  const { method, url, scheme, host, port, path, query, queryString, headers, bodyText } = req;
  return res['json']?.({ method, url, scheme, host, port, path, query, queryString, headers, bodyText });
}

async function* stream(pauseMs: number, chunks: readonly string[]): AsyncGenerator<string> {
  for (const [index, chunk] of chunks.entries()) {
    if (index > 0) await sleep(pauseMs);
    yield chunk;
  }
}
