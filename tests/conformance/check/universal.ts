// What holds for every answer on a function path, whichever case it belongs to.

import type { Finding, RequestData } from '../case.ts';
import { GENERATED_LOG_ID_PATTERN, LOG_ID_PATTERN } from '../../../src/contract/limits.ts';
import { LOG_ID_HEADER, LOGGING_HEADER, RESERVED_PREFIX } from '../../../src/contract/headers.ts';
import { BAD_TIMEOUT, BODY_TOO_LARGE, UNAUTHORIZED } from '../../../src/contract/messages.ts';
import { headerValues, type WireResponse } from '../wire/response.ts';
import { show } from './match.ts';

/** Headers that belong to the connection; HTTP libraries write them in a case of their own. */
const CONNECTION_HEADERS = new Set(['connection', 'content-length', 'date', 'keep-alive', 'server', 'transfer-encoding']);

const REFUSALS = new Map([
  [401, UNAUTHORIZED],
  [413, BODY_TOO_LARGE],
  [500, BAD_TIMEOUT],
]);

interface Answered {
  request: RequestData;
  /** The log id that was sent; null: none. */
  logId: string | null;
  /** OPEN_RUNTIMES_ENV of the server. */
  development: boolean;
  response: WireResponse;
}

export function checkUniversal(answered: Answered): Finding[] {
  const target = answered.request.target ?? '/';
  if (/^\/__opr\/(?:health|timings|logs)(?:[/?]|$)/.test(target)) return [];
  return [...checkLogId(answered), ...checkHeaderNames(answered.response), ...checkContentType(answered.response)];
}

function checkLogId({ request, logId, development, response }: Answered): Finding[] {
  const clause = 'Log id in the answer';
  const ids = headerValues(response.headers, LOG_ID_HEADER);
  const [id] = ids;
  const what = `header ${LOG_ID_HEADER}`;
  if (id === undefined || ids.length > 1) return [{ clause, what, expected: 'once', got: show(ids) }];
  if (REFUSALS.get(response.status) === response.body.toString('utf8') && response.status !== 413) {
    // Refused before a logger was opened: which id it names is open, but no one without the secret may choose it.
    return response.status === 401 && id !== '' && id === logId ? [{ clause: 'Log id header', what, expected: 'not the id of a caller without the secret', got: show(id) }] : [];
  }
  if (!loggingIsOn(request)) return id === '' ? [] : [{ clause, what, expected: '"", as logging is off', got: show(id) }];
  if (logId !== null && LOG_ID_PATTERN.test(logId)) return id === logId ? [] : [{ clause: 'Log id header', what, expected: show(logId), got: show(id) }];
  if (development) return id === 'dev' ? [] : [{ clause: 'Log ids', what, expected: '"dev"', got: show(id) }];
  return GENERATED_LOG_ID_PATTERN.test(id) ? [] : [{ clause: 'Log ids', what, expected: `matches ${GENERATED_LOG_ID_PATTERN}`, got: show(id) }];
}

function loggingIsOn(request: RequestData): boolean {
  const value = request.headers?.find(([name]) => name.toLowerCase() === LOGGING_HEADER)?.[1];
  return value === undefined || value === '' || value === 'enabled';
}

function checkHeaderNames({ headers }: WireResponse): Finding[] {
  const names = headers.map(([name]) => name);
  const cased = names.filter((name) => name !== name.toLowerCase() && !CONNECTION_HEADERS.has(name.toLowerCase()));
  const reserved = names.filter((name) => name.toLowerCase().startsWith(RESERVED_PREFIX) && name.toLowerCase() !== LOG_ID_HEADER);
  return [
    ...(cased.length === 0 ? [] : [{ clause: 'Response headers', what: 'header names', expected: 'lower case', got: cased.join(', ') }]),
    ...(reserved.length === 0 ? [] : [{ clause: 'Reserved answer headers', what: 'header names', expected: `none that starts with ${RESERVED_PREFIX}`, got: reserved.join(', ') }]),
  ];
}

function checkContentType({ headers }: WireResponse): Finding[] {
  const values = headerValues(headers, 'content-type');
  const [value] = values;
  if (value === undefined) return [];
  const what = 'header content-type';
  const clause = 'Content type';
  if (values.length > 1) return [{ clause, what, expected: 'at most once', got: show(values) }];
  const [mediaType = ''] = value.split(';');
  if (mediaType !== mediaType.toLowerCase()) return [{ clause, what, expected: 'a media type in lower case', got: show(value) }];
  if (mediaType.startsWith('multipart/') || value.includes('charset=')) return [];
  return [{ clause, what, expected: 'a charset, unless it is multipart/', got: show(value) }];
}
