// Faulty fakes: the system's paths and the control headers.

import { CORRECT } from '../behaviour.ts';
import type { Fault } from './fault.ts';

export const controlFaults: readonly Fault[] = [
  { name: 'says ok instead of OK to a probe', faults: { healthAnswer: 'ok' }, caughtBy: ['health', 'health-*'] },
  { name: 'asks probes for the secret', faults: { healthNeedsSecret: true }, caughtBy: ['health-without-secret'] },
  {
    name: 'answers probes by GET only',
    faults: { healthMethods: (method) => method === 'GET' },
    caughtBy: ['health-by-post', 'health-by-delete'],
  },
  {
    name: 'leaves a log of each probe',
    faults: { healthWritesLogs: true },
    caughtBy: ['health', 'health-without-secret', 'health-with-query', 'health-by-post', 'health-by-delete'],
  },
  {
    name: 'takes any path that begins like the probe for it',
    faults: { isHealth: (path) => path.startsWith('/__opr/health') },
    caughtBy: ['function-path-health-look-alike', 'every-answer-names-one-log-id'],
  },
  {
    name: 'finds the probe in other folders',
    faults: { isHealth: (path) => path.endsWith('/__opr/health') },
    caughtBy: ['function-path-health-in-a-folder', 'every-answer-names-one-log-id'],
  },
  { name: 'knows no timings', faults: { timings: () => '' }, caughtBy: ['timings-are-those-of-the-file'] },
  {
    name: 'makes up timings when there are none',
    faults: { timings: (text) => text ?? 'startup=0' },
    caughtBy: ['timings-without-a-file'],
  },
  { name: 'sends timings as JSON', faults: { timingsType: 'application/json; charset=utf-8' }, caughtBy: ['timings'] },
  { name: 'shows logs without the secret', faults: { logsNeedSecret: false }, caughtBy: ['logs-need-the-secret'] },
  {
    name: 'keeps logs that were collected',
    faults: { deletesCollected: false },
    caughtBy: ['logs-are-collected-once'],
  },
  {
    name: 'reads any file in place of logs',
    faults: { mayCollect: () => true, decodesCollectedId: true },
    caughtBy: ['logs-of-an-encoded-path-read-nothing-outside', 'logs-of-a-path-read-nothing-outside'],
  },
  {
    name: 'closes each connection',
    faults: { closesConnections: true },
    caughtBy: [
      'connections-are-kept-alive',
      'stream-leaves-the-connection-usable',
      'head-has-headers-and-no-body',
      'server-lives-on-after-an-error',
      'timeout-of-an-earlier-request-is-over',
      'function-is-loaded-once',
    ],
  },
  {
    name: 'compares only the beginning of the secret',
    faults: { secretMatches: (given, secret) => secret === '' || (given ?? '').startsWith(secret) },
    caughtBy: ['secret-longer'],
  },
  {
    name: 'compares secrets in any case',
    faults: { secretMatches: (given, secret) => secret === '' || (given ?? '').toLowerCase() === secret.toLowerCase() },
    caughtBy: ['secret-other-case'],
  },
  {
    name: 'lets callers in without a secret',
    faults: { secretMatches: (given, secret) => given === undefined || given === secret || secret === '' },
    caughtBy: ['secret-missing'],
  },
  {
    name: 'refuses everyone when no secret is set',
    faults: { secretMatches: (given, secret) => secret !== '' && given === secret },
    caughtBy: ['secret-variable-*'],
  },
  {
    name: 'says something else to a wrong secret',
    heavy: true,
    faults: { unauthorized: 'Unauthorized.' },
    caughtBy: [
      'secret-wrong',
      'secret-missing',
      'secret-empty',
      'secret-longer',
      'secret-shorter',
      'secret-other-case',
      'secret-before-timeout',
      'secret-before-body',
      'every-log-id-is-as-asked',
    ],
  },
  {
    name: 'accepts a timeout of zero',
    faults: {
      timeout: (value) => (value === undefined ? undefined : /^\d+$/.test(value) ? Number(value) || undefined : null),
    },
    caughtBy: ['timeout-0-is-refused', 'timeout-000-is-refused'],
  },
  {
    name: 'parses timeouts loosely',
    faults: {
      timeout: (value) =>
        value === undefined ? undefined : Number.parseInt(value, 10) > 0 ? Number.parseInt(value, 10) : null,
    },
    caughtBy: [
      'timeout-1-point-5-is-refused',
      'timeout-5s-is-refused',
      'timeout-plus-5-is-refused',
      'timeout-1e3-is-refused',
    ],
  },
  {
    name: 'takes an empty timeout for none',
    faults: { timeout: (value) => (value ? CORRECT.timeout(value) : undefined) },
    caughtBy: ['timeout-empty-is-refused'],
  },
  {
    name: 'refuses leading zeros in a timeout',
    faults: { timeout: (value) => (value?.startsWith('0') === true ? null : CORRECT.timeout(value)) },
    caughtBy: ['timeout-007-is-accepted'],
  },
  {
    name: 'turns logging off for an empty header',
    faults: { loggingOn: (value) => value === undefined || value === 'enabled' },
    caughtBy: ['logging-header-empty', 'every-log-id-is-as-asked'],
  },
  {
    name: 'turns logging off for disabled only',
    faults: { loggingOn: (value) => value !== 'disabled' },
    caughtBy: ['logging-header-other', 'every-log-id-is-as-asked'],
  },
  {
    name: 'uses any log id',
    faults: { chooseLogId: (given, generate) => (given ? given.replaceAll('/', '_') : generate()) },
    caughtBy: ['log-id-of-65-characters', 'log-id-with-*', 'every-log-id-is-as-asked'],
  },
  {
    name: 'cuts long log ids',
    faults: { chooseLogId: (given, generate) => CORRECT.chooseLogId(given?.slice(0, 64), generate) },
    caughtBy: ['log-id-of-65-characters', 'every-log-id-is-as-asked'],
  },
  {
    name: 'ignores the log id it is given',
    faults: { chooseLogId: (_given, generate) => generate() },
    caughtBy: [
      'logs-are-collected-once',
      'logs-need-the-secret',
      'log-id-of-one-sign',
      'log-id-of-all-signs',
      'log-id-of-64-characters',
      'answer-*',
      'timed-out',
      'log-files-are-appended-to',
      'every-log-id-is-as-asked',
    ],
  },
  {
    name: 'shows the executor’s authorization to functions',
    faults: { dropsAuthorization: () => false },
    caughtBy: ['executor-authorization-is-removed'],
  },
  {
    name: 'hides every basic authorization from functions',
    faults: { dropsAuthorization: (value) => value.startsWith('Basic ') },
    caughtBy: ['other-users-authorization-is-kept', 'other-passwords-authorization-is-kept'],
  },
  {
    name: 'hides every authorization from functions',
    faults: { dropsAuthorization: () => true },
    caughtBy: [
      'bearer-authorization-is-kept',
      'other-users-authorization-is-kept',
      'other-passwords-authorization-is-kept',
    ],
  },
  {
    name: 'names no log id',
    faults: { answerLogId: () => undefined },
    caughtBy: [
      'logging-header-disabled',
      'logging-header-other',
      'log-id-*',
      'answer-*',
      'generated-log-id',
      'generated-log-ids-differ',
      'every-answer-names-one-log-id',
    ],
  },
  {
    name: 'names a log id although logging is off',
    faults: { answerLogId: (id) => id },
    caughtBy: ['logging-header-disabled', 'logging-header-other', 'every-log-id-is-as-asked'],
  },
  {
    name: 'refuses bodies of exactly the limit',
    heavy: true,
    faults: { tooLarge: (bytes) => bytes >= 20_971_520 },
    caughtBy: ['body-of-exactly-the-limit'],
  },
  {
    name: 'accepts bodies of any size',
    heavy: true,
    faults: { tooLarge: () => false },
    caughtBy: ['body-over-limit-length', 'body-over-limit-chunked', 'body-before-loading'],
  },
  {
    name: 'reads the timeout before the secret',
    faults: { order: ['timeout', 'secret', 'body', 'load'] },
    caughtBy: ['secret-before-timeout'],
  },
  {
    name: 'measures the body before it reads the timeout',
    heavy: true,
    faults: { order: ['secret', 'body', 'timeout', 'load'] },
    caughtBy: ['timeout-before-body'],
  },
  {
    name: 'measures the body before it reads the secret',
    heavy: true,
    faults: { order: ['body', 'secret', 'timeout', 'load'] },
    caughtBy: ['timeout-before-body', 'secret-before-body', 'every-log-id-is-as-asked'],
  },
  {
    name: 'loads the function before it measures the body',
    heavy: true,
    faults: { order: ['secret', 'timeout', 'load', 'body'] },
    caughtBy: ['body-before-loading'],
  },
  {
    name: 'logs what it refuses',
    heavy: true,
    faults: { refusalWritesLog: true },
    caughtBy: [
      'secret-wrong',
      'secret-missing',
      'secret-empty',
      'secret-longer',
      'secret-shorter',
      'secret-other-case',
      'timeout-0-is-refused',
      'timeout-minus-1-is-refused',
      'timeout-1-point-5-is-refused',
      'timeout-abc-is-refused',
      'timeout-5s-is-refused',
      'timeout-empty-is-refused',
      'timeout-plus-5-is-refused',
      'timeout-1e3-is-refused',
      'timeout-000-is-refused',
      'timeout-0x10-is-refused',
      'body-over-limit-length',
      'body-over-limit-chunked',
      'refusals-leave-nothing',
    ],
  },
];
