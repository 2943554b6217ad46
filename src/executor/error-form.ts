// What callers and the log are told when something went wrong, whichever way the request came.

import type { LoggedRequest } from '../proxy/message.ts';
import type { ExecutorError } from './errors.ts';
import type { Executor } from './executor.ts';
import type { ExecutorSettings } from './settings.ts';

export const NO_CACHE: Readonly<Record<string, string>> = {
  'cache-control': 'no-store, no-cache, must-revalidate',
  pragma: 'no-cache',
  expires: '0',
};

/** Also counts it. */
export function logError({
  executor: { log, meter },
  error,
  request,
}: {
  executor: Pick<Executor, 'log' | 'meter'>;
  error: ExecutorError;
  request: LoggedRequest | undefined;
}): void {
  meter.failed(error.type);
  const details = { ...request, type: error.type, error: error.cause ?? error };
  // Whoever refuses much because there is too much to do must not write a line for each; the meter counts them.
  if (error.type === 'runtime_capacity') log.debug(details, error.message);
  else if (error.status >= 500) log.error(details, error.message);
  else log.info(details, error.message);
}

/** The body of the answer. In development it says where the error came from. */
export function describeError({ error, settings }: { error: ExecutorError; settings: ExecutorSettings }): object {
  return {
    type: error.type,
    message: error.message,
    code: error.status,
    version: settings.version,
    ...(settings.development && whereFrom(error)),
  };
}

function whereFrom({ stack = '', cause }: ExecutorError): { file: string; line: number; trace: string[] } {
  const trace = (cause instanceof Error && cause.stack ? cause.stack : stack)
    .split('\n')
    .slice(1)
    .map((line) => line.trim());
  const [, file = '', line = '0'] = /\(?([^\s()]+):(\d+):\d+\)?$/.exec(trace[0] ?? '') ?? [];
  return { file, line: Number(line), trace };
}
