// Tests that requests and answers come through as they were sent, in whatever pieces they come, both ways.

import { type Duplex, duplexPair } from 'node:stream';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { Caller, type Callers } from '../../../src/proxy/caller.ts';
import { Exchange, type Route } from '../../../src/proxy/exchange.ts';
import type { RequestHead } from '../../../src/proxy/head.ts';
import { isEndToEnd, rawHeaders } from '../../../src/proxy/headers.ts';
import { Pool } from '../../../src/proxy/pool.ts';
import { endRequestHead, writeAnswerHead } from '../../../src/proxy/write-head.ts';

interface Message {
  /** As it is sent, and as it must come out on the other side. */
  text: string;
  relayed: string;
}

const REQUESTS: Message[] = [
  'GET /a?b HTTP/1.1\r\nHost: a\r\n\r\n',
  'POST /b HTTP/1.1\r\nHost: a\r\nX: 1\r\ncontent-length: 5\r\n\r\nhello',
  'PUT /c HTTP/1.1\r\nHost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\nxyz\r\n2\r\nuv\r\n0\r\n\r\n',
].map((text) => ({ text, relayed: text }));
REQUESTS.push({
  text:
    'POST /d HTTP/1.1\r\nHost: a\r\nConnection: x\r\nX: 1\r\ntransfer-encoding: chunked\r\n\r\n' +
    '3;e\r\nxyz\r\n0\r\nt: 1\r\n\r\n',
  relayed: 'POST /d HTTP/1.1\r\nHost: a\r\ntransfer-encoding: chunked\r\n\r\n3\r\nxyz\r\n0\r\n\r\n',
});

const ANSWERS: Message[] = [
  'HTTP/1.1 200 OK\r\nX: 1\r\ncontent-length: 5\r\n\r\nhello',
  'HTTP/1.1 404 Not Found\r\ntransfer-encoding: chunked\r\n\r\n3\r\nxyz\r\n2\r\nuv\r\n0\r\n\r\n',
  'HTTP/1.1 204 No Content\r\n\r\n',
].map((text) => ({ text, relayed: text }));
ANSWERS.push({
  text:
    'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nConnection: x\r\nX: 1\r\n' +
    'transfer-encoding: chunked\r\n\r\n1;e\r\nw\r\n0\r\nt: 1\r\n\r\n',
  relayed: 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nw\r\n0\r\n\r\n',
});

/** Chunks are relayed as they come, so what matters of them is what they hold together. */
function joined(text: string): string {
  return text.replaceAll(/(?:[0-9a-f]+\r\n[g-z]+\r\n)+0\r\n\r\n/g, (chunks) =>
    chunks.replaceAll(/[0-9a-f]+\r\n|\r\n/g, ''),
  );
}

const nothing = (): void => {};

function route({ pool, head, ...more }: { pool: Pool; head: RequestHead } & Partial<Route>): Route {
  const raw = rawHeaders(head);
  let text = `${head.method} ${head.target} HTTP/1.1\r\n`;
  for (let index = 0; index < raw.length; index += 2)
    if (isEndToEnd({ name: (raw[index] as string).toLowerCase(), named: head.named }))
      text += `${raw[index]}: ${raw[index + 1]}\r\n`;
  return {
    pool,
    requestId: 'r',
    open: (exchange) => pool.take(exchange),
    requestHead: () => endRequestHead({ text, length: head.length, body: head.body }),
    answerHead: (answer, framing) => writeAnswerHead({ head: answer, framing, passes: isEndToEnd }),
    explain: async (error) => error,
    sent: nothing,
    answering: nothing,
    stuck: nothing,
    over: nothing,
    ...more,
  };
}

/** A caller whose requests go to the servers of a pool; what goes wrong is the answer. */
function relayTo(pool: Pool, more: Partial<Route> = {}): { caller: Duplex; connection: Caller } {
  const [caller, ours] = duplexPair();
  const callers: Callers = {
    now: 0,
    draining: false,
    serve: ({ caller: from, head }) =>
      new Exchange({ caller: from, request: head, route: route({ pool, head, ...more }) }),
    errorAnswer: ({ error }) => `failed: ${String(error)}`,
    left: () => {},
  };
  return { caller, connection: new Caller({ callers, socket: ours }) };
}

async function write({ socket, text, cuts }: { socket: Duplex; text: string; cuts: number[] }): Promise<void> {
  const at = [0, ...cuts.filter((cut) => cut < text.length).toSorted((a, b) => a - b), text.length];
  for (let index = 1; index < at.length; index += 1) {
    socket.write(text.slice(at[index - 1], at[index]));
    await new Promise(setImmediate);
  }
}

/** Sends all requests at once, answers each when it has come, and returns what came out on both sides. */
async function relay(sent: {
  requests: Message[];
  answers: Message[];
  cuts: number[];
}): Promise<{ requests: string; answers: string }> {
  const { requests, answers, cuts } = sent;
  let received = '';
  let answered = 0;
  const pool = new Pool({
    connect: () => {
      const [ours, theirs] = duplexPair();
      theirs.on('data', (bytes: Buffer) => {
        received += bytes.toString('latin1');
        const due = requests.slice(0, answered + 1).map(({ relayed }) => relayed);
        if (answered === requests.length || joined(received) !== joined(due.join(''))) return;
        const { text } = answers[answered] as Message;
        answered += 1;
        setImmediate(() => void write({ socket: theirs, text, cuts }));
      });
      return ours;
    },
  });
  const { caller, connection } = relayTo(pool);
  const expected = joined(answers.map(({ relayed }) => relayed).join(''));
  const { promise, resolve } = Promise.withResolvers<void>();
  let seen = '';
  caller.on('data', (bytes: Buffer) => {
    seen += bytes.toString('latin1');
    if (joined(seen) === expected || seen.includes('failed')) resolve();
  });
  await write({ socket: caller, text: requests.map(({ text }) => text).join(''), cuts });
  await promise;
  // What would come beyond that comes now.
  await new Promise(setImmediate);
  connection.destroy();
  return { requests: joined(received), answers: joined(seen) };
}

const together = (messages: Message[]): string => joined(messages.map(({ relayed }) => relayed).join(''));

test.each(REQUESTS.map(({ text }, index) => [text.slice(0, 8), index]))(
  '%s and its answer may be cut at any byte',
  async (_what, index) => {
    const requests = [REQUESTS[index] as Message];
    const answers = [ANSWERS[index] as Message];
    const longest = Math.max(requests[0]?.text.length ?? 0, answers[0]?.text.length ?? 0);
    for (let cut = 1; cut < longest; cut += 1)
      expect(await relay({ requests, answers, cuts: [cut] })).toEqual({
        requests: together(requests),
        answers: together(answers),
      });
  },
);

test('several on one connection come through in their order, in any pieces', async () => {
  const pair = fc.tuple(fc.constantFrom(...REQUESTS), fc.constantFrom(...ANSWERS));
  const pairs = fc.array(pair, { minLength: 1, maxLength: 4 });
  const property = fc.asyncProperty(pairs, fc.uniqueArray(fc.nat({ max: 400 })), async (exchanged, cuts) => {
    const requests = exchanged.map(([request]) => request);
    const answers = exchanged.map(([, answer]) => answer);
    expect(await relay({ requests, answers, cuts })).toEqual({
      requests: together(requests),
      answers: together(answers),
    });
  });
  await fc.assert(property, { numRuns: 50 });
});

test.each([
  { what: 'counts as gone after the route’s time', more: { leftAfterMs: 10 }, now: 11, destroyed: true },
  { what: 'is waited for until then', more: { leftAfterMs: 10 }, now: 10, destroyed: false },
  { what: 'is waited for as long as it likes', more: {}, now: 1_000, destroyed: false },
])('who has said all and hears nothing yet $what', async ({ more, now, destroyed }) => {
  const pool = new Pool({ connect: () => duplexPair()[0] });
  const { caller, connection } = relayTo(pool, more);
  caller.end('GET /a HTTP/1.1\r\nHost: a\r\n\r\n');
  await new Promise(setImmediate);
  connection.sweep({ now, stuckMs: 10_000 });
  expect(connection.output.socket.destroyed).toBe(destroyed);
  connection.destroy();
});
