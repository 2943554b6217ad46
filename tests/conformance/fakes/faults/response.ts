// Faulty fakes: what functions return, and what goes over the wire for it.

import { CORRECT } from '../behaviour.ts';
import type { Fault } from './fault.ts';

export const responseFaults: readonly Fault[] = [
  { name: 'sends responses that were not returned', faults: { countsMadeResponses: true }, caughtBy: [] },
  { name: 'ignores the status of text', faults: { text: (body, _status, headers) => CORRECT.text(body, 200, headers) }, caughtBy: [] },
  { name: 'indents JSON', faults: { json: (value, status, headers) => ({ ...CORRECT.json(value, status, headers), body: JSON.stringify(value, undefined, 2) }) }, caughtBy: [] },
  { name: 'sends JSON as text', faults: { json: (value, status, headers) => CORRECT.text(JSON.stringify(value), status, headers) }, caughtBy: [] },
  { name: 'escapes what is not ASCII wrongly', faults: { json: (value, status, headers) => ({ ...CORRECT.json(value, status, headers), body: Buffer.from(JSON.stringify(value), 'latin1') }) }, caughtBy: [] },
  { name: 'sends binary as text', faults: { binary: (bytes, status, headers) => CORRECT.text(Buffer.from(bytes).toString('utf8'), status, headers) }, caughtBy: [] },
  { name: 'redirects with 302', faults: { redirect: (url, status = 302, headers = {}) => CORRECT.redirect(url, status, headers) }, caughtBy: [] },
  { name: 'normalises redirects', faults: { redirect: (url, status, headers) => CORRECT.redirect(new URL(url, 'http://x/').href, status, headers) }, caughtBy: [] },
  { name: 'sends empty responses as 200', faults: { empty: () => ({ ...CORRECT.empty(), statusCode: 200 }) }, caughtBy: [] },
  { name: 'does not fill in maps', faults: { fillIn: ({ body = '', statusCode = 500, headers = {} }) => ({ body, statusCode, headers }) }, caughtBy: [] },
  { name: 'changes the headers map it is given', faults: { text: (body, status = 200, headers = {}) => CORRECT.text(body, status, Object.assign(headers, { 'x-own': 'changed' })) }, caughtBy: [] },
  { name: 'changes the headers map of a redirect', faults: { redirect: (url, status = 301, headers = {}) => ({ body: '', statusCode: status, headers: Object.assign(headers, { location: url }) }) }, caughtBy: [] },
  { name: 'lets functions set reserved headers', faults: { dropsHeader: (name) => name === 'x-open-runtimes-log-id' }, caughtBy: [] },
  { name: 'lets functions set the log id', faults: { dropsHeader: (name) => name.startsWith('x-open-runtimes-') && name !== 'x-open-runtimes-log-id' }, caughtBy: [] },
  { name: 'sends header names in capitals', faults: { outgoingName: (name) => name.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase()) }, caughtBy: [] },
  { name: 'joins lists of headers', faults: { outgoingValues: (_name, value) => [Array.isArray(value) ? value.join(', ') : String(value)] }, caughtBy: [] },
  { name: 'sends lists of cookies only', faults: { outgoingValues: (name, value) => (Array.isArray(value) && name !== 'set-cookie' ? [value.join(', ')] : CORRECT.outgoingValues(name, value)) }, caughtBy: [] },
  { name: 'splits cookies at commas', faults: { outgoingValues: (name, value) => CORRECT.outgoingValues(name, value).flatMap((one) => (name === 'set-cookie' ? one.split(', ') : [one])) }, caughtBy: [] },
  { name: 'takes HTML for the default type', faults: { defaultType: 'text/html' }, caughtBy: [] },
  { name: 'adds no charset', faults: { contentType: (value) => (value === 'text/plain' ? CORRECT.contentType(value) : value.replace(/^[^;]*/, (type) => type.toLowerCase())) }, caughtBy: [] },
  { name: 'adds a second charset', faults: { contentType: (value) => `${CORRECT.contentType(value)}${/charset=(?!utf-8)/.test(value) ? '; charset=utf-8' : ''}` }, caughtBy: [] },
  { name: 'lower-cases parameters of the type', faults: { contentType: (value) => CORRECT.contentType(value.toLowerCase().replace('iso', 'ISO')) }, caughtBy: [] },
  { name: 'keeps the case of types', faults: { contentType: (value) => (value.toLowerCase().startsWith('multipart/') || value.includes('charset=') ? value : `${value}; charset=utf-8`) }, caughtBy: [] },
  { name: 'adds a charset to multipart', faults: { contentType: (value) => (value.startsWith('multipart/') ? `${value}; charset=utf-8` : CORRECT.contentType(value)) }, caughtBy: [] },
  { name: 'adds charsets to texts only', faults: { contentType: (value) => (/^image\/\w+$/.test(value) ? value : CORRECT.contentType(value)) }, caughtBy: [] },
  { name: 'holds streams back', faults: { buffersStreams: true }, caughtBy: [] },
  { name: 'does not end streams', faults: { endsStreams: false }, caughtBy: [] },
  { name: 'forgets the logs of streams', faults: { flushesStreams: false }, caughtBy: [] },
  { name: 'sends a body to HEAD', faults: { bodyOnHead: true }, caughtBy: [] },
];
