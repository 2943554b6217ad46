// Headers on their way to a runtime and back: which pass, and which the executor sets itself.

import {
  LOG_ID_HEADER,
  LOGGING_HEADER,
  RESERVED_PREFIX,
  SECRET_HEADER,
  TIMEOUT_HEADER,
} from '../../contract/headers.ts';
import { filterHeaders, hasHeader, isEndToEnd, type RawHeaders } from '../../proxy/headers.ts';

/** By which logs of a caller, of the executor and of a function are brought together. */
export const REQUEST_ID_HEADER = 'x-request-id';

export function passableHeaders(raw: RawHeaders): RawHeaders {
  return filterHeaders({ raw, passes: isPassable });
}

/** Whether a header is meant for the other end, and is none of those that only an executor and a runtime exchange. */
export function isPassable({ name, named }: { name: string; named: readonly string[] }): boolean {
  return isEndToEnd({ name, named }) && !name.startsWith(RESERVED_PREFIX);
}

/** What a runtime is told with every request. `timeout` in seconds. */
export interface Control {
  secret: string;
  timeout: number;
  logging: boolean;
  logId: string;
}

/**
 * A request's headers as a runtime gets them: those of the caller that may pass, and those that say who asks and how.
 */
export function headersForRuntime({ passable, control }: { passable: RawHeaders; control: Control }): RawHeaders {
  const { secret, timeout, logging, logId } = control;
  // A caller's own Authorization belongs to the function; runtimes that want ours find the secret in its header as
  // well.
  const authorization = hasHeader(passable, 'authorization')
    ? []
    : ['authorization', executorAuthorization({ secret })];
  const own = [
    SECRET_HEADER,
    secret,
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
export function executorAuthorization({ secret }: { secret: string }): string {
  return `Basic ${Buffer.from(`opr:${secret}`).toString('base64')}`;
}
