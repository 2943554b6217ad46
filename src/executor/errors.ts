// Every error that the executor answers with: its type, status and words, in one place (docs/errors.md).

import { AdapterError } from '../adapters/adapter.ts';

const CATALOGUE = {
  general_unknown: { status: 500, message: 'Internal server error.' },
  general_route_not_found: { status: 404, message: 'Not Found' },
  general_unauthorized: { status: 401, message: 'Missing executor key' },
  build_failed: { status: 400, message: 'Build command failed.' },
  runtime_failed: { status: 400, message: 'Runtime failed.' },
  runtime_timeout: { status: 400, message: 'Timed out waiting for runtime.' },
  runtime_not_found: { status: 404, message: 'Runtime not found' },
  // The space at the end is the published executor's; clients compare the whole text.
  runtime_conflict: { status: 409, message: 'Runtime already exists ' },
  runtime_capacity: {
    status: 503,
    message: 'All runtimes are in use and the wait for a free one is over. Try again later.',
  },
  execution_bad_request: { status: 400, message: 'The request is not valid.' },
  execution_bad_json: {
    status: 400,
    message:
      'Execution resulted in binary response, but JSON response does not allow binaries. Use "Accept: ' +
      'multipart/form-data" header to support binaries.',
  },
  execution_failed: { status: 502, message: 'The function gave no valid answer.' },
  execution_timeout: { status: 400, message: 'Timed out waiting for execution.' },
  logs_timeout: { status: 504, message: 'Timed out waiting for logs.' },
  command_timeout: { status: 500, message: 'Operation timed out.' },
  command_failed: { status: 500, message: 'Failed to execute command.' },
} as const;

export type ErrorType = keyof typeof CATALOGUE;

/** An error for the caller. `message` replaces the catalogue's words; `retryAfter` is in seconds. */
export class ExecutorError extends Error {
  readonly type: ErrorType;
  readonly status: number;
  readonly retryAfter: number | undefined;

  constructor({
    type,
    message,
    cause,
    retryAfter,
  }: {
    type: ErrorType;
    message?: string;
    cause?: unknown;
    retryAfter?: number;
  }) {
    super(message ?? CATALOGUE[type].message, { cause });
    this.name = 'ExecutorError';
    this.type = type;
    this.status = CATALOGUE[type].status;
    this.retryAfter = retryAfter;
  }
}

/**
 * What went wrong as a caller may know it; anything unforeseen becomes `general_unknown` and keeps its cause for the
 * log.
 */
export function toExecutorError(error: unknown): ExecutorError {
  if (error instanceof ExecutorError) return error;
  // Nothing of ours is broken then, and whoever operates both should see what is.
  const message = error instanceof AdapterError && error.code === 'unavailable' ? error.message : undefined;
  return new ExecutorError({ type: 'general_unknown', ...(message !== undefined && { message }), cause: error });
}

/** For whoever waited for a runtime that has ended; `reason` is what its signal was aborted with. */
export function endedError({ reason, cause }: { reason: unknown; cause?: unknown }): ExecutorError {
  return new ExecutorError({ type: 'runtime_failed', message: `Runtime failed: ${(reason as Error).message}.`, cause });
}
