// Faulty fakes: what functions return, and what goes over the wire for it.

import { CORRECT } from '../behaviour.ts';
import type { Fault } from './fault.ts';
import { BAD_STATUSES_OF_TEXT } from './not-sent.ts';

export const responseFaults: readonly Fault[] = [
  {
    name: 'sends responses that were not returned',
    faults: { countsMadeResponses: true },
    caughtBy: ['discarded-response-counts-as-no-return'],
  },
  {
    name: 'ignores the status of text',
    faults: { text: (body, _status, headers) => CORRECT.text(body, 200, headers) },
    caughtBy: [
      ...BAD_STATUSES_OF_TEXT,
      'status-299',
      'status-404',
      'status-599',
      'location-header-outside-ascii',
      'reply-text-with-status',
      'reply-text-with-error-status',
      'reply-text-with-status-500',
      'reply-send-with-status',
      'head-has-headers-and-no-body',
    ],
  },
  {
    name: 'indents JSON',
    faults: {
      json: (value, status, headers) => ({
        ...CORRECT.json(value, status, headers),
        body: JSON.stringify(value, undefined, 2),
      }),
    },
    caughtBy: ['reply-json', 'reply-json-list', 'reply-json-with-status'],
  },
  {
    name: 'sends JSON as text',
    faults: { json: (value, status, headers) => CORRECT.text(JSON.stringify(value), status, headers) },
    caughtBy: ['json-of-*', 'reply-json', 'reply-json-list', 'reply-json-string'],
  },
  {
    name: 'escapes what is not ASCII wrongly',
    faults: {
      json: (value, status, headers) => ({
        ...CORRECT.json(value, status, headers),
        body: Buffer.from(JSON.stringify(value), 'latin1'),
      }),
    },
    caughtBy: ['request-header-in-*', 'body-json-of-*', 'reply-json-in-utf-8'],
  },
  {
    name: 'sends binary as text',
    faults: { binary: (bytes, status, headers) => CORRECT.text(Buffer.from(bytes).toString('utf8'), status, headers) },
    caughtBy: [
      'body-bytes-of-application-octet-stream',
      'body-bytes-of-application-json',
      'body-bytes-of-text-plain',
      'body-bytes-of-image-png',
      'reply-binary',
      'reply-binary-with-type',
    ],
  },
  {
    name: 'redirects with 302',
    faults: { redirect: (url, status = 302, headers = {}) => CORRECT.redirect(url, status, headers) },
    caughtBy: ['redirect-outside-ascii', 'redirect-that-is-partly-encoded', 'reply-redirect'],
  },
  {
    name: 'normalises redirects',
    faults: { redirect: (url, status, headers) => CORRECT.redirect(new URL(url, 'http://x/').href, status, headers) },
    caughtBy: ['redirect-*', 'reply-redirect-to-a-path', 'reply-redirect-with-headers'],
  },
  {
    name: 'sends empty responses as 200',
    faults: { empty: () => ({ ...CORRECT.empty(), statusCode: 200 }) },
    caughtBy: [
      'logs-are-collected-once',
      'logs-need-the-secret',
      'logs-of-an-encoded-id-are-none',
      'answer-names-its-log-id-when-empty',
      'reply-empty',
      'head-reaches-the-function',
    ],
  },
  {
    name: 'does not fill in maps',
    faults: { fillIn: (given) => CORRECT.fillIn({ ...given, statusCode: given.statusCode ?? 500 }) },
    caughtBy: ['reply-map-with-body-only', 'reply-map-with-headers-only', 'status-null'],
  },
  {
    name: 'changes the headers map it is given',
    faults: {
      text: (body, status = 200, headers = {}) =>
        CORRECT.text(body, status, Object.assign(headers, { 'x-own': 'changed' })),
    },
    caughtBy: [
      'reply-text-with-headers',
      'headers-map-untouched-by-text',
      'headers-map-untouched-by-send',
      'head-has-headers-and-no-body',
    ],
  },
  {
    name: 'changes the headers map of a redirect',
    faults: {
      redirect: (url, status = 301, headers = {}) => ({
        body: '',
        statusCode: status,
        headers: Object.assign(headers, { location: url }),
      }),
    },
    caughtBy: ['headers-map-untouched-by-redirect'],
  },
  {
    name: 'lets functions set reserved headers',
    faults: {
      dropsHeader: (name) =>
        name === 'x-open-runtimes-log-id' || (!name.startsWith('x-open-runtimes-') && CORRECT.dropsHeader(name)),
    },
    caughtBy: ['function-cannot-set-reserved-headers', 'no-answer-has-reserved-headers'],
  },
  {
    name: 'lets functions set the log id',
    faults: { dropsHeader: (name) => name !== 'x-open-runtimes-log-id' && CORRECT.dropsHeader(name) },
    caughtBy: ['every-answer-names-one-log-id', 'every-log-id-is-as-asked'],
  },
  {
    name: 'sends header names in capitals',
    faults: { outgoingName: (name) => name.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase()) },
    caughtBy: ['every-header-name-is-in-lower-case'],
  },
  {
    name: 'joins lists of headers',
    faults: { outgoingValues: (_name, value) => [Array.isArray(value) ? value.join(', ') : String(value)] },
    caughtBy: [
      'response-header-list-in-utf-8',
      'response-header-cookie-in-utf-8',
      'cookies-go-out-one-by-one',
      'list-header-goes-out-one-by-one',
    ],
  },
  {
    name: 'sends lists of cookies only',
    faults: {
      outgoingValues: (name, value) =>
        Array.isArray(value) && name !== 'set-cookie' ? [value.join(', ')] : CORRECT.outgoingValues(name, value),
    },
    caughtBy: ['response-header-list-in-utf-8', 'list-header-goes-out-one-by-one'],
  },
  {
    name: 'splits cookies at commas',
    faults: {
      outgoingValues: (name, value) =>
        CORRECT.outgoingValues(name, value).flatMap((one) => (name === 'set-cookie' ? one.split(', ') : [one])),
    },
    caughtBy: ['cookies-go-out-one-by-one', 'one-cookie'],
  },
  {
    name: 'takes HTML for the default type',
    faults: { defaultType: 'text/html' },
    caughtBy: [
      'reply-text',
      'reply-text-empty',
      'reply-send',
      'reply-map',
      'content-type-default',
      'stream-is-sent-as-it-is-made',
      'head-has-headers-and-no-body',
      'reply-map-with-null-body',
    ],
  },
  {
    name: 'adds no charset',
    faults: {
      contentType: (value) =>
        value === 'text/plain' ? CORRECT.contentType(value) : value.replace(/^[^;]*/, (type) => type.toLowerCase()),
    },
    caughtBy: [
      'reply-binary-with-type',
      'reply-send-with-status',
      'content-type-gets-charset',
      'content-type-in-lower-case',
      'content-type-keeps-parameters',
      'content-type-of-image',
      'content-type-header-in-mixed-case',
      'every-content-type-is-well-formed',
    ],
  },
  {
    name: 'adds a second charset',
    faults: {
      contentType: (value) =>
        `${CORRECT.contentType(value)}${/charset=(?!utf-8)/.test(value) ? '; charset=utf-8' : ''}`,
    },
    caughtBy: ['content-type-keeps-charset'],
  },
  {
    name: 'lower-cases parameters of the type',
    faults: { contentType: (value) => CORRECT.contentType(value.toLowerCase().replace('iso', 'ISO')) },
    caughtBy: ['content-type-keeps-parameters', 'content-type-of-multipart'],
  },
  {
    name: 'keeps the case of types',
    faults: {
      contentType: (value) =>
        value.toLowerCase().startsWith('multipart/') || value.includes('charset=') ? value : `${value}; charset=utf-8`,
    },
    caughtBy: ['content-type-in-lower-case', 'content-type-keeps-parameters', 'every-content-type-is-well-formed'],
  },
  {
    name: 'adds a charset to multipart',
    faults: {
      contentType: (value) => (value.startsWith('multipart/') ? `${value}; charset=utf-8` : CORRECT.contentType(value)),
    },
    caughtBy: ['content-type-of-multipart'],
  },
  {
    name: 'adds charsets to texts only',
    faults: { contentType: (value) => (/^image\/\w+$/.test(value) ? value : CORRECT.contentType(value)) },
    caughtBy: ['reply-binary-with-type', 'content-type-of-image', 'every-content-type-is-well-formed'],
  },
  { name: 'holds streams back', faults: { buffersStreams: true }, caughtBy: ['stream-is-sent-as-it-is-made'] },
  { name: 'does not end streams', faults: { endsStreams: false }, caughtBy: ['stream-*'] },
  { name: 'forgets the logs of streams', faults: { flushesStreams: false }, caughtBy: ['stream-has-whole-logs'] },
  {
    name: 'sends a body to HEAD',
    faults: { bodyOnHead: true },
    caughtBy: ['head-has-headers-and-no-body', 'head-reaches-the-function', 'every-answer-names-one-log-id'],
  },
];
