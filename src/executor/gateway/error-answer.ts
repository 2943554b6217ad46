// Writes an error as a whole answer, in the form that all errors of the executor have, and logs it.

import { STATUS_CODES } from 'node:http';
import { ExecutorError, toExecutorError } from '../errors.ts';
import type { Executor } from '../executor.ts';
import { REQUEST_ID_HEADER } from '../call/headers.ts';
import { describeError, logError, NO_CACHE } from '../error-form.ts';
import type { FailedCall } from '../../proxy/message.ts';
import { MalformedError } from '../../proxy/head.ts';

export function errorAnswer({
  executor,
  error,
  call,
  close,
  modern,
  withBody,
}: FailedCall & { executor: Executor }): string {
  const { settings } = executor;
  const shown = toCallerError(error);
  logError({ executor, error: shown, request: call });
  const body = Buffer.from(JSON.stringify(describeError({ error: shown, settings }))).toString('latin1');
  const headers = [
    ...Object.entries(NO_CACHE),
    ['content-type', 'application/json'],
    ['content-length', String(body.length)],
    ...(shown.retryAfter === undefined ? [] : [['retry-after', String(shown.retryAfter)]]),
    ...(call ? [[REQUEST_ID_HEADER, call.requestId]] : []),
    ...(close ? [['connection', 'close']] : modern ? [] : [['connection', 'keep-alive']]),
  ];
  const head = headers.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${shown.status} ${STATUS_CODES[shown.status]}\r\n${head}\r\n${withBody ? body : ''}`;
}

function toCallerError(error: unknown): ExecutorError {
  if (error instanceof MalformedError)
    return new ExecutorError({
      type: 'execution_bad_request',
      message: `The request cannot be read: ${error.message}.`,
      cause: error,
    });
  return toExecutorError(error);
}
