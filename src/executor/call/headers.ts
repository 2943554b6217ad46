// Headers on their way to a runtime and back: what passes, what belongs to one connection only, what is ours.

import {
  LOG_ID_HEADER,
  LOGGING_HEADER,
  RESERVED_PREFIX,
  SECRET_HEADER,
  TIMEOUT_HEADER,
} from '../../contract/headers.ts';
import type { Runtime } from '../runtimes/runtime.ts';

// These speak of one connection (RFC 9110, section 7.6.1), or of a framing that each connection does anew.
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  'content-length',
]);

/** By which logs of a caller, of the executor and of a function are brought together. */
export const REQUEST_ID_HEADER = 'x-request-id';

/** Names and values by turns, as Node.js and undici have them. */
export type RawHeaders = string[];

export function passableHeaders(raw: RawHeaders): RawHeaders {
  const named = namedByConnection(raw);
  return pairs(raw)
    .filter(([name]) => isPassable({ name, named }))
    .flatMap(([, given, value]) => [given, value]);
}

/**
 * `named` are the headers that `Connection` lists, which are those of one connection as well. All names in lower case.
 */
export function isPassable({ name, named }: { name: string; named: readonly string[] }): boolean {
  return isEndToEnd({ name, named }) && !name.startsWith(RESERVED_PREFIX);
}

/** Whether a header is meant for the other end rather than for the next hop. */
export function isEndToEnd({ name, named }: { name: string; named: readonly string[] }): boolean {
  return !HOP_BY_HOP.has(name) && (named.length === 0 || !named.includes(name) || name === 'host');
}

/** What a runtime is told with every request. `timeout` in seconds. */
export interface Control {
  runtime: Runtime;
  timeout: number;
  logging: boolean;
  logId: string;
}

/**
 * A request's headers as a runtime gets them: those of the caller that may pass, and those that say who asks and how.
 */
export function headersForRuntime({ passable, control }: { passable: RawHeaders; control: Control }): RawHeaders {
  const { runtime, timeout, logging, logId } = control;
  // A caller's own Authorization belongs to the function; runtimes that want ours find the secret in its header as
  // well.
  const authorization = hasHeader(passable, 'authorization') ? [] : ['authorization', executorAuthorization(runtime)];
  const own = [
    SECRET_HEADER,
    runtime.secret,
    TIMEOUT_HEADER,
    String(timeout),
    LOGGING_HEADER,
    logging ? 'enabled' : 'disabled',
    LOG_ID_HEADER,
    logId,
  ];
  return [...passable, ...authorization, ...own];
}

/** By which a runtime knows its executor (docs/contract.md, "Executor authorization"). */
export function executorAuthorization({ secret }: Runtime): string {
  return `Basic ${Buffer.from(`opr:${secret}`).toString('base64')}`;
}

export function hasHeader(raw: RawHeaders, name: string): boolean {
  return pairs(raw).some(([lower]) => lower === name);
}

/** By lower-case name; repeated ones become a list. */
export function collectHeaders(raw: RawHeaders): Record<string, string | string[]> {
  const headers: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  for (const [name, , value] of pairs(raw)) {
    const earlier = headers[name];
    headers[name] = earlier === undefined ? value : [earlier, value].flat();
  }
  return headers;
}

/** Lower-case name, name as given, value. */
function pairs(raw: RawHeaders): [string, string, string][] {
  return Array.from({ length: Math.floor(raw.length / 2) }, (_, index) => {
    const name = raw[index * 2] ?? '';
    return [name.toLowerCase(), name, raw[index * 2 + 1] ?? ''];
  });
}

function namedByConnection(raw: RawHeaders): string[] {
  const values = pairs(raw)
    .filter(([name]) => name === 'connection')
    .map(([, , value]) => value);
  return values
    .join(',')
    .toLowerCase()
    .split(',')
    .map((name) => name.trim());
}
