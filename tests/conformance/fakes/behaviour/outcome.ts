// What the fake answers and logs when a function fails, and how it writes logs; each function is one thing that a
// faulty fake does wrong.

import * as messages from '../../../../src/contract/messages.ts';

export const outcome = {
  unauthorized: messages.UNAUTHORIZED,
  badTimeout: messages.BAD_TIMEOUT,
  tooLargeMessage: messages.BODY_TOO_LARGE,
  thrownStatus: 500,
  thrownBody: (_error: Error): string => '',
  thrownMessage: (error: Error): string => error.stack ?? error.message,
  diesOfErrors: false,
  returnMissing: messages.RETURN_MISSING,
  returnMissingStatus: 500,
  timedOut: messages.EXECUTION_TIMED_OUT,
  timedOutStatus: 500,
  closesLogsAtTimeout: true,
  timesReading: false,
  timesLoading: false,
  keepsTimers: false,
  timeoutMs: (seconds: number): number => seconds * 1_000,
  loadFailureStatus: 503,
  missingEntrypoint: (entrypoint: string): string => `Failed to load entrypoint, file ${entrypoint} does not exist.`,
  signatureInvalid: messages.SIGNATURE_INVALID,
  syntaxError: (file: string): string => `Syntax error in ${file}: unexpected end of input`,
  loadError: (error: Error): string => `Failed to load module: ${error.message}`,
  loadsEachTime: false,
  remembersFailures: false,
};

export const logging = {
  lineEnd: '\n',
  fileOf: (kind: 'logs' | 'errors'): 'logs' | 'errors' => kind,
  appends: true,
  createsEmptyFiles: false,
  writesWhenOff: false,
  format(value: unknown): string {
    if (typeof value === 'string') return value;
    if (value instanceof Error) return value.stack ?? value.message;
    return typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value);
  },
  separator: ' ',
  cut(message: string): string {
    const characters = [...message];
    return characters.length <= 8_000 ? message : `${characters.slice(0, 8_000).join('')}${messages.LOG_TRUNCATED}`;
  },
  nativeNotice: messages.NATIVE_LOGS_DETECTED,
  announcesEachTime: false,
  capturesErrorOutput: true,
  sharesNativeOutput: false,
  sharesLogs: false,
  flushesLate: false,
  /** How many characters after the last flush are held back before they are written. */
  heldBack: 0,
  flushesStreams: true,
  environment: (value: string | undefined): string => value ?? '',
};
