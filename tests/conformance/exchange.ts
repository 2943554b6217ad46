// Sends one request of a case, reads the answer and its logs, and says what is not as expected.

import { randomBytes } from 'node:crypto';
import type { Exchange, Finding, TextMatcher } from './case.ts';
import { LOG_ID_PATTERN } from '../../src/contract/limits.ts';
import { LOG_ID_HEADER } from '../../src/contract/headers.ts';
import { matchText } from './check/match.ts';
import { checkResponse } from './check/response.ts';
import { isFunctionPath, RULES } from './check/universal.ts';
import type { Logs, Server } from './targets/target.ts';
import { type Connection, openConnection } from './wire/connection.ts';
import { ProtocolError } from './wire/reader.ts';
import { encodeRequest } from './wire/request.ts';
import { headerValues, type WireResponse } from './wire/response.ts';

/** What the exchanges of one case share. */
export interface Surroundings {
  server: Server;
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
  const { send, surroundings } = outgoing;
  const { server, clause } = surroundings;
  const logId = send.logId === undefined ? freshLogId() : send.logId;
  if (send.logsAs !== undefined && logId !== null) surroundings.logIds.set(send.logsAs, logId);
  const request = encodeRequest({ request: send, server, logId });
  try {
    using opened = outgoing.connection === undefined ? await openConnection(server) : undefined;
    const response = await (outgoing.connection ?? (opened as Connection)).exchange(request);
    const findings = [
      ...checkResponse({ clause, expect: outgoing.expect, response, previous: outgoing.previous }),
      ...(await checkLogs(outgoing, logIdOf(response) ?? logId)),
    ];
    for (const finding of findings) finding.curl = request.curl;
    if (isFunctionPath(send.target)) applyRules({ send, surroundings, logId, response, curl: request.curl });
    return { findings, response };
  } catch (error) {
    if (!(error instanceof ProtocolError)) throw error;
    return {
      findings: [{ clause, what: 'answer', expected: 'a whole HTTP answer', got: error.message, curl: request.curl }],
    };
  }
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

async function checkLogs({ expect, surroundings }: Outgoing, id: string | null): Promise<Finding[]> {
  if (expect.logs === undefined && expect.errors === undefined) return [];
  const logs = id === null ? { logs: '', errors: '' } : await surroundings.server.readLogs(id);
  return compareLogs({ clause: surroundings.clause, expect, logs, entrypoint: surroundings.entrypoint });
}

interface ReadLogs {
  clause: string;
  expect: Exchange['expect'];
  logs: Logs;
  entrypoint: string | undefined;
}

export function compareLogs({ clause, expect, logs, entrypoint }: ReadLogs): Finding[] {
  const findings: Finding[] = [];
  for (const kind of ['logs', 'errors'] as const) {
    const matcher = expect[kind];
    const mismatch = matcher === undefined ? undefined : matchText(fillIn(matcher, entrypoint), logs[kind]);
    if (mismatch !== undefined) findings.push({ clause, what: `${kind} file`, ...mismatch });
  }
  return findings;
}

/** Cases name the user's file `{entrypoint}`. */
function fillIn(matcher: TextMatcher, entrypoint: string | undefined): TextMatcher {
  if (typeof matcher === 'string' || entrypoint === undefined) return matcher;
  return { ...matcher, contains: (matcher.contains ?? []).map((part) => part.replace('{entrypoint}', entrypoint)) };
}
