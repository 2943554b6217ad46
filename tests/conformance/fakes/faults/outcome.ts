// Faulty fakes: errors, time-outs, loading and logs.

import { CORRECT } from '../behaviour.ts';
import type { Fault } from './fault.ts';

export const outcomeFaults: readonly Fault[] = [
  {
    name: 'answers 200 when a function throws',
    faults: { thrownStatus: 200 },
    caughtBy: [
      'answer-names-its-log-id-when-thrown', 'body-json-empty-raises', 'body-json-invalid-raises', 'body-json-text-raises',
      'thrown-*', 'server-lives-on-after-an-error', 'logging-off-hides-errors',
    ],
  },
  {
    name: 'tells callers why a function threw',
    faults: { thrownBody: (error) => error.message },
    caughtBy: [
      'body-json-empty-raises', 'body-json-invalid-raises', 'body-json-text-raises', 'thrown-error-is-logged',
      'server-lives-on-after-an-error', 'thrown-after-a-wait', 'logging-off-hides-errors',
    ],
  },
  { name: 'logs errors without their stack', faults: { thrownMessage: (error) => error.message }, caughtBy: ['thrown-error-has-a-stack'] },
  {
    name: 'logs errors without their message',
    faults: { thrownMessage: (error) => (error.stack ?? '').split('\n').slice(1).join('\n') },
    caughtBy: ['body-json-empty-raises', 'body-json-invalid-raises', 'body-json-text-raises', 'thrown-error-is-logged', 'thrown-after-a-wait'],
  },
  { name: 'closes the connection of a function that failed', faults: { diesOfErrors: true }, caughtBy: ['server-lives-on-after-an-error'] },
  { name: 'answers 200 when nothing is returned', faults: { returnMissingStatus: 200 }, caughtBy: ['discarded-response-counts-as-no-return', 'nothing-returned'] },
  { name: 'says nothing of a missing return', faults: { returnMissing: 'no return' }, caughtBy: ['nothing-returned'] },
  { name: 'answers 504 when time is out', faults: { timedOutStatus: 504 }, caughtBy: ['timed-out'] },
  { name: 'says nothing of a time-out', faults: { timedOut: 'too slow' }, caughtBy: ['timed-out'] },
  { name: 'knows no time-outs', faults: { timeoutMs: () => 60_000 }, caughtBy: ['timed-out'] },
  { name: 'takes timeouts for milliseconds', faults: { timeoutMs: (seconds) => seconds }, caughtBy: ['function-within-its-timeout'] },
  { name: 'ends every function after a second', faults: { timeoutMs: () => 1_000 }, caughtBy: ['function-within-its-timeout'] },
  { name: 'lets reading count towards the timeout', faults: { timesReading: true }, caughtBy: ['timeout-covers-no-reading'] },
  {
    name: 'answers 500 when a function does not load',
    faults: { loadFailureStatus: 500 },
    caughtBy: [
      'missing-entrypoint', 'no-function', 'syntax-error', 'syntax-error-names-its-file', 'load-error', 'load-error-says-why',
      'failed-load-is-tried-again',
    ],
  },
  { name: 'does not name a missing entrypoint', faults: { missingEntrypoint: () => 'Failed to load entrypoint.' }, caughtBy: ['missing-entrypoint'] },
  { name: 'says something else of a missing function', faults: { signatureInvalid: 'no function' }, caughtBy: ['no-function'] },
  {
    name: 'takes syntax errors for load errors',
    faults: { syntaxError: () => CORRECT.loadError(new Error('syntax error on purpose')) },
    caughtBy: ['syntax-error', 'syntax-error-names-its-file'],
  },
  {
    name: 'does not name the file of a syntax error',
    faults: { syntaxError: () => 'Syntax error in code: unexpected end' },
    caughtBy: ['syntax-error-names-its-file'],
  },
  {
    name: 'does not say why loading failed',
    faults: { loadError: () => 'Failed to load module: sorry' },
    caughtBy: ['load-error-says-why', 'failed-load-is-tried-again'],
  },
  { name: 'loads the function for each request', faults: { loadsEachTime: true }, caughtBy: ['function-is-loaded-once'] },
  {
    name: 'gives up after a load that failed',
    faults: { remembersFailures: true },
    caughtBy: [
      'missing-entrypoint', 'no-function', 'syntax-error', 'syntax-error-names-its-file', 'load-error', 'load-error-says-why',
      'failed-load-is-tried-again',
    ],
  },

  {
    name: 'mixes logs and errors',
    faults: { fileOf: () => 'logs' },
    caughtBy: [
      'logs-are-collected-once', 'body-json-empty-raises', 'body-json-invalid-raises', 'body-json-text-raises', 'thrown-*',
      'nothing-returned', 'timed-out', 'missing-entrypoint', 'no-function', 'syntax-error', 'syntax-error-names-its-file',
      'load-error', 'load-error-says-why', 'failed-load-is-tried-again', 'logs-and-errors-have-files-of-their-own',
      'message-to-errors',
    ],
  },
  { name: 'writes log files anew', faults: { appends: false }, caughtBy: ['log-files-are-appended-to'] },
  { name: 'makes empty log files', faults: { createsEmptyFiles: true }, caughtBy: ['no-message-no-file'] },
  {
    name: 'forgets line ends',
    faults: { lineEnd: '' },
    caughtBy: [
      'logs-are-collected-once', 'logs-need-the-secret', 'logging-header-absent', 'logging-header-empty',
      'logging-header-enabled', 'log-id-of-*', 'log-id-empty', 'log-id-with-*', 'stream-has-whole-logs',
      'head-reaches-the-function', 'thrown-error-is-logged', 'nothing-returned', 'timed-out',
      'logs-and-errors-have-files-of-their-own', 'log-files-are-appended-to', 'many-messages-are-complete',
      'generated-log-id', 'message-string', 'message-text-in-utf-8', 'message-empty-string', 'message-several-values',
      'message-number', 'message-map', 'message-list', 'message-nothing', 'message-to-errors', 'message-of-exactly-the-limit',
      'message-over-the-limit', 'message-limit-counts-characters', 'message-is-cut-between-characters', 'native-*',
      'no-native-output-no-notice', 'overlapping-requests-log-apart', 'overlapping-requests-print-apart',
      'request-without-words-hears-no-others', 'words-after-the-answer-reach-no-other-request',
    ],
  },
  {
    name: 'writes logs after the answer',
    faults: { flushesLate: true },
    caughtBy: [
      'logs-are-collected-once', 'logs-need-the-secret', 'logging-header-absent', 'logging-header-empty',
      'logging-header-enabled', 'log-id-of-*', 'log-id-empty', 'log-id-with-*', 'body-json-empty-raises',
      'body-json-invalid-raises', 'body-json-text-raises', 'head-reaches-the-function', 'thrown-*', 'nothing-returned',
      'timed-out', 'missing-entrypoint', 'no-function', 'syntax-error', 'syntax-error-names-its-file', 'load-error',
      'load-error-says-why', 'failed-load-is-tried-again', 'logs-and-errors-have-files-of-their-own',
      'log-files-are-appended-to', 'many-messages-are-complete', 'generated-log-id', 'message-*', 'native-*',
      'no-native-output-no-notice', 'overlapping-requests-log-apart', 'overlapping-requests-print-apart',
      'request-without-words-hears-no-others', 'words-after-the-answer-reach-no-other-request',
    ],
  },
  {
    name: 'writes logs although logging is off',
    faults: { writesWhenOff: true },
    caughtBy: ['logging-header-disabled', 'logging-header-other', 'logging-off-writes-nothing', 'logging-off-hides-errors'],
  },
  {
    name: 'generates log ids of its own form',
    faults: { generateLogId: () => crypto.randomUUID() },
    caughtBy: ['log-id-of-65-characters', 'log-id-empty', 'log-id-with-*', 'every-log-id-is-as-asked'],
  },
  {
    name: 'generates one log id',
    faults: { generateLogId: () => '0'.repeat(20) },
    caughtBy: ['log-id-empty', 'log-id-with-*', 'generated-log-id', 'generated-log-ids-differ'],
  },
  { name: 'has no log id for development', faults: { developmentLogId: '0123456789abcdef0123' }, caughtBy: ['log-id-in-development', 'every-log-id-is-as-asked'] },
  { name: 'joins values without a space', faults: { separator: '' }, caughtBy: ['message-several-values', 'message-number', 'message-to-errors'] },
  {
    name: 'writes strings as JSON',
    faults: { format: (value) => (typeof value === 'string' ? JSON.stringify(value) : CORRECT.format(value)) },
    caughtBy: [
      'logs-are-collected-once', 'logs-need-the-secret', 'logging-header-absent', 'logging-header-empty',
      'logging-header-enabled', 'log-id-of-*', 'log-id-empty', 'log-id-with-*', 'stream-has-whole-logs',
      'head-reaches-the-function', 'thrown-error-is-logged', 'nothing-returned', 'timed-out',
      'logs-and-errors-have-files-of-their-own', 'log-files-are-appended-to', 'many-messages-are-complete',
      'generated-log-id', 'message-string', 'message-text-in-utf-8', 'message-empty-string', 'message-several-values',
      'message-number', 'message-nothing', 'message-to-errors', 'message-of-exactly-the-limit', 'message-over-the-limit',
      'message-limit-counts-characters', 'message-is-cut-between-characters', 'no-native-output-no-notice',
      'overlapping-requests-log-apart', 'request-without-words-hears-no-others',
      'words-after-the-answer-reach-no-other-request',
    ],
  },
  {
    name: 'indents objects',
    faults: { format: (value) => (CORRECT.format(value).startsWith('{') ? JSON.stringify(value, undefined, 2) : CORRECT.format(value)) },
    caughtBy: ['message-map', 'message-to-errors'],
  },
  {
    name: 'writes objects as their type',
    faults: { format: (value) => (CORRECT.format(value).startsWith('{') ? String(value) : CORRECT.format(value)) },
    caughtBy: ['message-map', 'message-to-errors'],
  },
  {
    name: 'stumbles over nothing in a message',
    faults: { format: (value) => (value as object).constructor === Object ? JSON.stringify(value) : CORRECT.format(value) },
    caughtBy: ['message-nothing'],
  },
  {
    name: 'writes exceptions without their stack',
    faults: { format: (value) => (value instanceof Error ? value.message : CORRECT.format(value)) },
    caughtBy: ['message-exception-has-a-stack'],
  },
  { name: 'never cuts messages', faults: { cut: (message) => message }, caughtBy: ['message-over-the-limit', 'message-is-cut-between-characters'] },
  {
    name: 'cuts messages one early',
    faults: { cut: (message) => (message.length < 8_000 ? message : CORRECT.cut(`${message.slice(0, 8_000)}x`)) },
    caughtBy: ['message-of-exactly-the-limit', 'message-limit-counts-characters'],
  },
  {
    name: 'counts bytes instead of characters',
    faults: { cut: (message) => (Buffer.byteLength(message) <= 8_000 ? message : `${Buffer.from(message).subarray(0, 8_000).toString('utf8')}${CORRECT.cut('a'.repeat(8_001)).slice(8_000)}`) },
    caughtBy: ['message-limit-counts-characters', 'message-is-cut-between-characters'],
  },
  { name: 'does not announce native output', faults: { nativeNotice: '' }, caughtBy: ['native-*'] },
  { name: 'announces each line of native output', faults: { announcesEachTime: true }, caughtBy: ['native-output-is-announced-once'] },
  { name: 'loses native error output', faults: { capturesErrorOutput: false }, caughtBy: ['native-error-output'] },
  {
    name: 'gives native output to whoever came last',
    faults: { sharesNativeOutput: true },
    caughtBy: ['overlapping-requests-print-apart', 'request-without-words-hears-no-others', 'words-after-the-answer-reach-no-other-request'],
  },
  {
    name: 'gives messages to whoever came last',
    faults: { sharesLogs: true },
    caughtBy: ['overlapping-requests-log-apart', 'words-after-the-answer-reach-no-other-request'],
  },
  { name: 'writes after a time-out', faults: { closesLogsAtTimeout: false }, caughtBy: ['timed-out'] },
  { name: 'hides the environment', faults: { environment: () => '' }, caughtBy: ['variable-reaches-the-function'] },
];
