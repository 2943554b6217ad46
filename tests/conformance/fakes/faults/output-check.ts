// Faulty fakes: what functions return that cannot be sent as it is.

import { CORRECT } from '../behaviour.ts';
import type { Fault } from './fault.ts';
import { BAD_NAMES, BAD_STATUSES, BAD_VALUES } from './not-sent.ts';

const RESPONSE_TEXT = ['response-header-*'];

const dropsBut =
  (kept: string) =>
  (name: string): boolean =>
    name !== kept && CORRECT.dropsHeader(name);

export const outputCheckFaults: readonly Fault[] = [
  {
    name: 'takes statuses up to 600',
    faults: { isStatus: (status) => status === 600 || CORRECT.isStatus(status) },
    caughtBy: ['status-600'],
  },
  {
    name: 'takes statuses from 199 on',
    faults: { isStatus: (status) => status === 199 || CORRECT.isStatus(status) },
    caughtBy: ['status-199'],
  },
  {
    name: 'takes statuses below 599 only',
    faults: { isStatus: (status) => Number(status) < 599 && CORRECT.isStatus(status) },
    caughtBy: ['status-599'],
  },
  {
    name: 'takes statuses from 300 on for good only where they are errors',
    faults: { isStatus: (status) => status !== 299 && CORRECT.isStatus(status) },
    caughtBy: ['status-299'],
  },
  {
    name: 'takes statuses in text',
    faults: {
      fillIn: ({ statusCode = 200, ...reply }) => CORRECT.fillIn({ ...reply, statusCode: asNumber(statusCode) }),
    },
    caughtBy: ['status-in-text'],
  },
  {
    name: 'cuts fractions off statuses',
    faults: {
      fillIn: ({ statusCode = 200, ...reply }) => CORRECT.fillIn({ ...reply, statusCode: withoutFraction(statusCode) }),
    },
    caughtBy: ['status-with-a-fraction'],
  },
  {
    name: 'takes null for the usual status',
    faults: {
      fillIn: ({ statusCode = 200, ...reply }) => CORRECT.fillIn({ ...reply, statusCode: statusCode ?? 200 }),
    },
    caughtBy: ['status-null'],
  },
  {
    name: 'makes 200 of bad statuses',
    faults: {
      fillIn: ({ statusCode = 200, ...reply }) =>
        CORRECT.fillIn({ ...reply, statusCode: CORRECT.isStatus(statusCode) ? statusCode : 200 }),
    },
    caughtBy: BAD_STATUSES,
  },
  {
    name: 'says nothing of bad statuses',
    faults: { badStatus: '' },
    caughtBy: BAD_STATUSES,
  },
  {
    name: 'answers 502 for what cannot be sent',
    faults: { checkFailedStatus: 502 },
    caughtBy: [...BAD_STATUSES, ...BAD_NAMES, ...BAD_VALUES],
  },
  {
    name: 'does not look at header names',
    faults: { isHeaderName: () => true },
    caughtBy: [
      'every-answer-names-one-log-id',
      'header-name-with-*',
      'header-name-outside-ascii',
      'header-without-a-name',
    ],
  },
  {
    name: 'takes letters of any language for header names',
    faults: { isHeaderName: (name) => /^[\p{L}\w-]+$/u.test(name) },
    caughtBy: ['every-answer-names-one-log-id', 'header-name-outside-ascii'],
  },
  {
    name: 'leaves out headers whose name cannot be sent',
    faults: { fillIn: (reply) => onlyHeaders(CORRECT.fillIn(reply), CORRECT.isHeaderName) },
    caughtBy: BAD_NAMES,
  },
  {
    name: 'takes line breaks out of header values',
    faults: {
      outgoingValues: (name, value) => CORRECT.outgoingValues(name, value).map((one) => one.replaceAll(/[\r\n]+/g, '')),
    },
    caughtBy: [
      'every-answer-names-one-log-id',
      'header-value-with-cr-lf',
      'header-value-with-lf',
      'header-value-with-cr',
      'content-type-with-lf',
      'redirect-with-a-line-break',
    ],
  },
  {
    name: 'looks for line ends of two bytes only',
    faults: { isHeaderValue: (value) => !/\r\n|\0/.test(value) },
    caughtBy: ['every-answer-names-one-log-id', 'header-value-with-lf', 'header-value-with-cr', 'content-type-with-lf'],
  },
  {
    name: 'takes NUL for a character of values',
    faults: { isHeaderValue: (value) => !/[\r\n]/.test(value) },
    caughtBy: ['every-answer-names-one-log-id', 'header-value-with-nul', 'cookie-with-nul'],
  },
  {
    name: 'does not name the header that cannot be sent',
    faults: { badHeader: () => 'A header cannot be sent.' },
    caughtBy: ['header-name-with-*', 'header-name-outside-ascii', ...BAD_VALUES],
  },
  {
    name: 'says nothing of headers without a name',
    faults: { badHeader: (name) => (name === '' ? '' : CORRECT.badHeader(name)) },
    caughtBy: ['header-without-a-name'],
  },
  ...['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'upgrade', 'trailer', 'te'].map(
    (header): Fault => ({
      name: `lets functions set ${header}`,
      faults: { dropsHeader: dropsBut(header) },
      caughtBy: [
        `function-cannot-set-${header}`,
        ...(header === 'trailer' ? ['every-answer-names-one-log-id'] : []),
        ...(/^conn|^content/.test(header) ? [`function-cannot-set-${header}-in-capitals`] : []),
      ],
    }),
  ),
  {
    name: 'lets functions set headers of proxies',
    faults: { dropsHeader: (name) => !name.startsWith('proxy-') && CORRECT.dropsHeader(name) },
    caughtBy: ['function-cannot-set-proxy-*'],
  },
  {
    name: 'sends header values in Latin-1',
    faults: { headerBytes: (value) => value.replaceAll(/[^\0-\xff]/g, '?') },
    caughtBy: RESPONSE_TEXT,
  },
  {
    name: 'refuses header values outside Latin-1',
    faults: { isHeaderValue: (value) => CORRECT.isHeaderValue(value) && !/[^\0-\xff]/.test(value) },
    caughtBy: [
      'response-header-value-in-utf-8',
      'response-header-list-in-utf-8',
      'response-header-cookie-in-utf-8',
      'redirect-outside-ascii',
    ],
  },
  {
    name: 'sends locations as they are',
    faults: { location: (url) => url },
    caughtBy: ['redirect-outside-ascii', 'redirect-that-is-partly-encoded', 'location-header-outside-ascii'],
  },
  {
    name: 'encodes locations twice',
    faults: { location: encodeURI },
    caughtBy: ['reply-redirect', 'redirect-that-is-partly-encoded'],
  },
  {
    name: 'encodes locations of redirects only',
    faults: {
      location: (url) => url,
      redirect: (url, status, headers) => CORRECT.redirect(CORRECT.location(url), status, headers),
    },
    caughtBy: ['location-header-outside-ascii'],
  },
  {
    name: 'reads header values in Latin-1',
    faults: { headerText: (value) => value },
    caughtBy: ['request-header-in-utf-8'],
  },
  {
    name: 'reads header values in UTF-8 only',
    faults: { headerText: (value) => Buffer.from(value, 'latin1').toString('utf8') },
    caughtBy: ['request-header-in-latin-1', 'request-header-in-utf-8-but-for-a-byte'],
  },
  {
    name: 'writes null for numbers that JSON does not have',
    faults: {
      json: (value, status, headers) => ({ ...CORRECT.json(null, status, headers), body: JSON.stringify(value) }),
    },
    caughtBy: ['json-of-*'],
  },
];

function asNumber(status: unknown): number {
  return typeof status === 'string' ? Number(status) : (status as number);
}

function withoutFraction(status: unknown): number {
  return typeof status === 'number' ? Math.trunc(status) : (status as number);
}

function onlyHeaders(reply: ReturnType<typeof CORRECT.fillIn>, isKept: (name: string) => boolean): typeof reply {
  return { ...reply, headers: Object.fromEntries(Object.entries(reply.headers).filter(([name]) => isKept(name))) };
}
