// What holds for every answer on a function path; each rule is a case of its own, found by the answers of all the
// others.

import type { RequestData } from '../case.ts';
import { GENERATED_LOG_ID_PATTERN, LOG_ID_PATTERN } from '../../../src/contract/limits.ts';
import { LOG_ID_HEADER, LOGGING_HEADER, RESERVED_PREFIX } from '../../../src/contract/headers.ts';
import { BAD_TIMEOUT, UNAUTHORIZED } from '../../../src/contract/messages.ts';
import { headerValues, type WireResponse } from '../wire/response.ts';
import { type Mismatch, show } from './match.ts';

/** Headers that belong to the connection; HTTP libraries write them in a case of their own. */
const CONNECTION_HEADERS = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'server',
  'transfer-encoding',
]);

const EARLY_REFUSALS = new Map([
  [401, UNAUTHORIZED],
  [500, BAD_TIMEOUT],
]);

export interface Answered {
  request: RequestData;
  /** The log id that was sent; null: none. */
  logId: string | null;
  /** OPEN_RUNTIMES_ENV of the server. */
  development: boolean;
  response: WireResponse;
}

/** A rule for every answer. */
export interface Rule {
  name: string;
  covers: string;
  core: true;
  /** What was looked at. */
  what: string;
  check(answered: Answered): Mismatch | undefined;
}

export const RULES: readonly Rule[] = [
  {
    name: 'every-answer-names-one-log-id',
    covers: 'Log id in the answer',
    core: true,
    what: `header ${LOG_ID_HEADER}`,
    check: namesOneLogId,
  },
  {
    name: 'every-log-id-is-as-asked',
    covers: 'Log id header',
    core: true,
    what: `header ${LOG_ID_HEADER}`,
    check: namesRightLogId,
  },
  {
    name: 'every-header-name-is-in-lower-case',
    covers: 'Response headers',
    core: true,
    what: 'header names',
    check: hasLowerCaseNames,
  },
  {
    name: 'no-answer-has-reserved-headers',
    covers: 'Reserved answer headers',
    core: true,
    what: 'header names',
    check: hasNoReservedHeaders,
  },
  {
    name: 'every-content-type-is-well-formed',
    covers: 'Content type',
    core: true,
    what: 'header content-type',
    check: hasGoodContentType,
  },
];

/** Whether the rules hold for what is asked of this path. */
export function isFunctionPath(target = '/'): boolean {
  return !/^\/__opr\/(?:health|timings|logs\/[^?]*)(?:\?|$)/.test(target);
}

function logIds({ headers }: WireResponse): string[] {
  return headerValues(headers, LOG_ID_HEADER);
}

function namesOneLogId({ response }: Answered): Mismatch | undefined {
  const ids = logIds(response);
  return ids.length === 1 ? undefined : { expected: 'once', got: show(ids) };
}

function namesRightLogId({ request, logId, development, response }: Answered): Mismatch | undefined {
  const [id] = logIds(response);
  if (id === undefined) return undefined;
  const got = show(id);
  if (isRefusal(response)) {
    // Refused before a logger was opened: which id it names is open, but no one without the secret may choose it.
    return response.status === 401 && id !== '' && id === logId
      ? { expected: 'not the id of a caller without the secret', got }
      : undefined;
  }
  if (!loggingIsOn(request)) return id === '' ? undefined : { expected: '"", as logging is off', got };
  if (logId !== null && LOG_ID_PATTERN.test(logId)) return id === logId ? undefined : { expected: show(logId), got };
  if (development) return id === 'dev' ? undefined : { expected: '"dev"', got };
  return GENERATED_LOG_ID_PATTERN.test(id) ? undefined : { expected: `matches ${GENERATED_LOG_ID_PATTERN}`, got };
}

function isRefusal({ status, body }: WireResponse): boolean {
  return EARLY_REFUSALS.get(status) === body.toString('utf8');
}

function loggingIsOn(request: RequestData): boolean {
  const value = request.headers?.find(([name]) => name.toLowerCase() === LOGGING_HEADER)?.[1]?.toString();
  return value === undefined || value === '' || value === 'enabled';
}

function hasLowerCaseNames({ response }: Answered): Mismatch | undefined {
  const names = response.headers.map(([name]) => name);
  const cased = names.filter((name) => name !== name.toLowerCase() && !CONNECTION_HEADERS.has(name.toLowerCase()));
  return cased.length === 0 ? undefined : { expected: 'lower case', got: cased.join(', ') };
}

function hasNoReservedHeaders({ response }: Answered): Mismatch | undefined {
  const names = response.headers.map(([name]) => name.toLowerCase());
  const reserved = names.filter((name) => name.startsWith(RESERVED_PREFIX) && name !== LOG_ID_HEADER);
  return reserved.length === 0
    ? undefined
    : { expected: `none that starts with ${RESERVED_PREFIX}`, got: reserved.join(', ') };
}

function hasGoodContentType({ response }: Answered): Mismatch | undefined {
  const values = headerValues(response.headers, 'content-type');
  const [value] = values;
  if (value === undefined) return undefined;
  if (values.length > 1) return { expected: 'at most once', got: show(values) };
  const [mediaType = ''] = value.split(';');
  if (mediaType !== mediaType.toLowerCase()) return { expected: 'a media type in lower case', got: show(value) };
  return mediaType.startsWith('multipart/') || value.includes('charset=')
    ? undefined
    : { expected: 'a charset, unless it is multipart/', got: show(value) };
}
