// Sends one request of a case, reads the answer and its logs, and says what is not as expected.

import { randomBytes } from 'node:crypto';
import type { Exchange, Finding, TextMatcher } from './case.ts';
import { LOG_ID_PATTERN } from '../../src/contract/limits.ts';
import { LOG_ID_HEADER } from '../../src/contract/headers.ts';
import { matchText, show } from './check/match.ts';
import { checkResponse } from './check/response.ts';
import { isFunctionPath, RULES } from './check/universal.ts';
import type { Logs, Server } from './targets/target.ts';
import { type Connection, openConnection } from './wire/connection.ts';
import { ProtocolError } from './wire/reader.ts';
import { encodeRequest, type WireRequest } from './wire/request.ts';
import { headerValues, type WireResponse } from './wire/response.ts';

/** What the exchanges of one case share. */
export interface Surroundings {
  server: Server;
  /** Starts one more server of the same set-up. */
  startAnother(): Promise<Server>;
  /** The clause that the case covers. */
  clause: string;
  /** The name of the user's file, if it is known. */
  entrypoint: string | undefined;
  /** OPEN_RUNTIMES_ENV of the server is development. */
  development: boolean;
  /** What broke the rules for every answer, by the rule's name. */
  broken: Map<string, Finding[]>;
  /** Log ids by the names that the case gave them. */
  logIds: Map<string, string>;
}

interface Outgoing extends Exchange {
  surroundings: Surroundings;
  /** A new one if left out. */
  connection?: Connection;
  /** The body of the answer before, on the same connection. */
  previous?: Buffer | undefined;
}

export interface Outcome {
  findings: Finding[];
  /** Absent if none came. */
  response?: WireResponse;
}

export async function exchange(outgoing: Outgoing): Promise<Outcome> {
  const prepared = prepare(outgoing);
  const { request } = prepared;
  try {
    using opened = outgoing.connection === undefined ? await openConnection(outgoing.surroundings.server) : undefined;
    const connection = outgoing.connection ?? (opened as Connection);
    const response = await connection.exchange(request);
    const findings = await judge({ ...prepared, response });
    if (outgoing.expect.closes === true) findings.push(...(await checkEnd(prepared, connection)));
    return { findings, response };
  } catch (error) {
    return { findings: [noAnswer(prepared, error)] };
  }
}

/** A request that is ready to be sent, and what is expected of its answer. */
export interface Prepared extends Outgoing {
  logId: string | null;
  request: WireRequest;
}

export function prepare(outgoing: Outgoing): Prepared {
  const { send, surroundings } = outgoing;
  const logId = send.logId === undefined ? freshLogId() : send.logId;
  if (send.logsAs !== undefined && logId !== null) surroundings.logIds.set(send.logsAs, logId);
  return { ...outgoing, logId, request: encodeRequest({ request: send, server: surroundings.server, logId }) };
}

/** What is wrong with an answer and its logs. */
export async function judge(answered: Prepared & { response: WireResponse }): Promise<Finding[]> {
  const { send, expect, surroundings, logId, request, response, previous } = answered;
  const { clause, server } = surroundings;
  const findings = [
    ...checkResponse({ clause, expect, response, previous }),
    ...(await checkLogs(answered, logIdOf(response) ?? logId)),
  ];
  for (const finding of findings) finding.curl = request.curl;
  if (server.base === undefined && send.malformed !== true && isFunctionPath(send.target))
    applyRules({ send, surroundings, logId, response, curl: request.curl });
  return findings;
}

/** Whatever a server does instead of answering is a finding; all else is the suite's own trouble. */
export function noAnswer({ surroundings: { clause }, request }: Prepared, error: unknown): Finding {
  if (!(error instanceof ProtocolError)) throw error;
  return { clause, what: 'answer', expected: 'a whole HTTP answer', got: error.message, curl: request.curl };
}

async function checkEnd({ surroundings, request }: Prepared, connection: Connection): Promise<Finding[]> {
  const more = await connection.ends();
  if (more === undefined) return [];
  const expected = 'closed, with nothing after the answer';
  return [{ clause: surroundings.clause, what: 'connection', expected, got: show(more), curl: request.curl }];
}

/** A rule that is broken is no finding of this case, but of the rule's own. */
function applyRules({
  send,
  surroundings,
  logId,
  response,
  curl,
}: Pick<Outgoing, 'send' | 'surroundings'> & { logId: string | null; response: WireResponse; curl: string }): void {
  for (const { name, covers, what, check } of RULES) {
    const mismatch = check({ request: send, logId, development: surroundings.development, response });
    if (mismatch === undefined) continue;
    const findings = surroundings.broken.get(name) ?? [];
    surroundings.broken.set(name, [...findings, { clause: covers, what, ...mismatch, curl }]);
  }
}

export function freshLogId(): string {
  return `case-${randomBytes(8).toString('hex')}`;
}

/** The log id of the answer, if it names files. */
function logIdOf(response: WireResponse): string | undefined {
  const [id] = headerValues(response.headers, LOG_ID_HEADER);
  return id !== undefined && LOG_ID_PATTERN.test(id) ? id : undefined;
}

/** Where logs cannot be seen, a case is about its answers only. */
async function checkLogs(
  { expect, surroundings: { server, clause, entrypoint }, response }: Outgoing & { response: WireResponse },
  id: string | null,
): Promise<Finding[]> {
  if ((expect.logs === undefined && expect.errors === undefined) || server.readLogs === undefined) return [];
  const logs = id === null ? { logs: '', errors: '' } : await server.readLogs(id);
  return compareLogs({ clause, expect, logs, entrypoint, body: response.body.toString('utf8') });
}

interface ReadLogs {
  clause: string;
  expect: Pick<Exchange['expect'], 'logs' | 'errors'>;
  logs: Logs;
  entrypoint: string | undefined;
  /** Of the answer. */
  body?: string;
}

export function compareLogs({ clause, expect, logs, entrypoint, body = '' }: ReadLogs): Finding[] {
  const findings: Finding[] = [];
  for (const kind of ['logs', 'errors'] as const) {
    const matcher = expect[kind];
    const mismatch = matcher === undefined ? undefined : matchText(fillIn({ matcher, entrypoint, body }), logs[kind]);
    if (mismatch !== undefined) findings.push({ clause, what: `${kind} file`, ...mismatch });
  }
  return findings;
}

interface Placeholders {
  matcher: TextMatcher;
  entrypoint: string | undefined;
  body: string;
}

/** Cases name the user's file `{entrypoint}` and the answer's body `{body}`. */
function fillIn({ matcher, entrypoint, body }: Placeholders): TextMatcher {
  const filled = (text: string): string =>
    text.replace('{body}', () => body).replace('{entrypoint}', entrypoint ?? '{entrypoint}');
  if (typeof matcher === 'string') return filled(matcher);
  return { ...matcher, contains: (matcher.contains ?? []).map(filled) };
}
