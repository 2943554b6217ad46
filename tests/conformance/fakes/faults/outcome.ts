// Faulty fakes: errors, time-outs and loading.

import { CORRECT } from '../behaviour.ts';
import type { Fault } from './fault.ts';

export const outcomeFaults: readonly Fault[] = [
  {
    name: 'answers 200 when a function throws',
    faults: { thrownStatus: 200 },
    caughtBy: [
      'json-of-*',
      'answer-names-its-log-id-when-thrown',
      'body-json-empty-raises',
      'body-json-invalid-raises',
      'body-json-text-raises',
      'thrown-*',
      'server-lives-on-after-an-error',
      'logging-off-hides-errors',
    ],
  },
  {
    name: 'tells callers why a function threw',
    faults: { thrownBody: (error) => error.message },
    caughtBy: [
      'json-of-*',
      'body-json-empty-raises',
      'body-json-invalid-raises',
      'body-json-text-raises',
      'thrown-error-is-logged',
      'server-lives-on-after-an-error',
      'thrown-after-a-wait',
      'logging-off-hides-errors',
    ],
  },
  {
    name: 'logs errors without their stack',
    faults: { thrownMessage: (error) => error.message },
    caughtBy: ['thrown-error-has-a-stack'],
  },
  {
    name: 'logs errors without their message',
    faults: { thrownMessage: (error) => (error.stack ?? '').split('\n').slice(1).join('\n') },
    caughtBy: [
      'json-of-*',
      'body-json-empty-raises',
      'body-json-invalid-raises',
      'body-json-text-raises',
      'thrown-error-is-logged',
      'thrown-after-a-wait',
    ],
  },
  {
    name: 'closes the connection of a function that failed',
    faults: { diesOfErrors: true },
    caughtBy: ['server-lives-on-after-an-error'],
  },
  {
    name: 'answers 200 when nothing is returned',
    faults: { returnMissingStatus: 200 },
    caughtBy: ['discarded-response-counts-as-no-return', 'nothing-returned'],
  },
  { name: 'says nothing of a missing return', faults: { returnMissing: 'no return' }, caughtBy: ['nothing-returned'] },
  {
    name: 'answers 504 when time is out',
    faults: { timedOutStatus: 504 },
    caughtBy: ['timed-out', 'many-lines-after-a-time-out-never-appear'],
  },
  {
    name: 'says nothing of a time-out',
    faults: { timedOut: 'too slow' },
    caughtBy: ['timed-out', 'many-lines-after-a-time-out-never-appear'],
  },
  {
    name: 'knows no time-outs',
    faults: { timeoutMs: () => 60_000 },
    caughtBy: ['timed-out', 'many-lines-after-a-time-out-never-appear'],
  },
  {
    name: 'takes timeouts for milliseconds',
    faults: { timeoutMs: (seconds) => seconds },
    caughtBy: ['function-within-its-timeout'],
  },
  {
    name: 'ends every function after a second',
    faults: { timeoutMs: () => 1_000 },
    caughtBy: ['function-within-its-timeout'],
  },
  {
    name: 'lets reading count towards the timeout',
    faults: { timesReading: true },
    caughtBy: ['timeout-covers-no-reading'],
  },
  {
    name: 'answers 500 when a function does not load',
    faults: { loadFailureStatus: 500 },
    caughtBy: [
      'missing-entrypoint',
      'no-function',
      'syntax-error',
      'syntax-error-names-its-file',
      'load-error',
      'load-error-says-why',
      'failed-load-is-tried-again',
    ],
  },
  {
    name: 'does not name a missing entrypoint',
    faults: { missingEntrypoint: () => 'Failed to load entrypoint.' },
    caughtBy: ['missing-entrypoint'],
  },
  {
    name: 'says something else of a missing function',
    faults: { signatureInvalid: 'no function' },
    caughtBy: ['no-function'],
  },
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
  {
    name: 'loads the function for each request',
    faults: { loadsEachTime: true },
    caughtBy: ['function-is-loaded-once'],
  },
  {
    name: 'gives up after a load that failed',
    faults: { remembersFailures: true },
    caughtBy: [
      'missing-entrypoint',
      'no-function',
      'syntax-error',
      'syntax-error-names-its-file',
      'load-error',
      'load-error-says-why',
      'failed-load-is-tried-again',
    ],
  },
];
