// Faulty fakes: what a server keeps from one call, one load or one connection to the next, and what it takes text for.

import { CORRECT } from '../behaviour.ts';
import type { Fault } from './fault.ts';

export const stateFaults: readonly Fault[] = [
  {
    name: 'writes enforced objects as their type',
    faults: {
      enforcedHeaders: (json) => {
        const headers = CORRECT.enforcedHeaders(json);
        return Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [
            name,
            /^[[{]/.test(value) ? String(JSON.parse(value)) : value,
          ]),
        );
      },
    },
    caughtBy: ['enforced-header-value-object', 'enforced-header-value-list'],
  },
  {
    name: 'takes a text for enforced headers',
    faults: {
      enforcedHeaders: (json) =>
        json.startsWith('"')
          ? Object.fromEntries(Object.entries(JSON.parse(json) as string))
          : CORRECT.enforcedHeaders(json),
    },
    caughtBy: ['enforced-headers-text'],
  },
  {
    name: 'breaks of null in place of enforced headers',
    faults: {
      enforcedHeaders: (json) => {
        if (json === 'null') throw new Error('null has no members');
        return CORRECT.enforcedHeaders(json);
      },
    },
    caughtBy: ['enforced-headers-null', 'every-answer-names-one-log-id'],
  },
  {
    name: 'takes an enforced null for nothing',
    faults: {
      enforcedHeaders: (json) => {
        const headers = CORRECT.enforcedHeaders(json);
        return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== 'null'));
      },
    },
    caughtBy: ['enforced-header-value-null'],
  },
  {
    name: 'takes the bytes of a secret for Latin-1',
    faults: { secretMatches: (given, secret) => secret === '' || (given ?? '') === secret },
    caughtBy: ['secret-outside-ascii', 'secret-outside-ascii-in-the-executor-authorization'],
  },
  {
    name: 'compares the ASCII of secrets only',
    faults: {
      secretMatches: (given, secret) => {
        const text = Buffer.from(given ?? '', 'latin1').toString('utf8');
        return secret === '' || text.replaceAll(/[^ -~]/gu, '?') === secret.replaceAll(/[^ -~]/gu, '?');
      },
    },
    caughtBy: ['secret-outside-ascii-with-another-character', 'secret-outside-ascii-with-question-marks'],
  },
  {
    name: 'decodes ids of logs',
    faults: { decodesCollectedId: true },
    caughtBy: ['logs-of-an-encoded-id-are-none'],
  },
  {
    name: 'turns logging on in any case',
    faults: { loggingOn: (value) => CORRECT.loggingOn(value?.toLowerCase()) },
    caughtBy: ['logging-header-in-another-case', 'every-log-id-is-as-asked'],
  },
  {
    name: 'counts the units of strings',
    faults: {
      cut: (message) =>
        message.length <= 8_000 ? message : `${message.slice(0, 8_000)}${CORRECT.cut('a'.repeat(8_001)).slice(8_000)}`,
    },
    caughtBy: ['message-limit-counts-pairs-as-one', 'message-is-cut-between-pairs'],
  },
  {
    name: 'never cuts messages of pairs',
    faults: { cut: (message) => (message.startsWith('🥊') ? message : CORRECT.cut(message)) },
    caughtBy: ['message-is-cut-between-pairs'],
  },
  {
    name: 'lets loading count towards the timeout',
    faults: { timesLoading: true },
    caughtBy: ['timeout-covers-no-loading'],
  },
  {
    name: 'gives all calls the same responses',
    faults: { sharesMadeResponses: true },
    caughtBy: ['what-a-function-adds-to-its-context-ends-with-its-call'],
  },
  {
    name: 'takes a null body for a text',
    faults: {
      fillIn: (given) => ({ ...CORRECT.fillIn(given), body: given.body === null ? 'null' : (given.body ?? '') }),
    },
    caughtBy: ['reply-map-with-null-body'],
  },
  {
    name: 'closes idle connections after five seconds',
    faults: { keepAliveMs: 5_000 },
    caughtBy: ['idle-connection-still-answers-after-40-seconds'],
  },
  {
    name: 'writes many lines after a time-out',
    faults: { closesLogsAtTimeout: false, heldBack: 65_536 },
    caughtBy: ['many-lines-after-a-time-out-never-appear'],
  },
  {
    name: 'counts log ids from the same number in each instance',
    faults: {
      logIds: () => {
        let count = 0;
        return () => String((count += 1)).padStart(20, '0');
      },
    },
    caughtBy: ['generated-log-ids-of-instances-differ'],
  },
];
