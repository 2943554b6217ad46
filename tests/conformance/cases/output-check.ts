// Cases of docs/contract.md, section 5: what a function may return, and what becomes of all else.

import { BAD_STATUS } from '../../../src/contract/messages.ts';
import type { Exchange, FixtureStep, TextMatcher, WireCase } from '../case.ts';

const READY: Exchange = { send: {}, expect: { body: 'ready' } };

interface Refused {
  name: string;
  covers: string;
  step: FixtureStep;
  errors: TextMatcher;
}

/** What is returned cannot be sent, and the server is as good as before. */
function refused({ name, covers, step, errors }: Refused): WireCase {
  const exchange: Exchange = {
    send: { steps: [step] },
    expect: { status: 500, headers: { 'x-injected': null }, body: '', errors },
  };
  return { name, covers, steps: [exchange, READY] };
}

const badStatuses = [
  { name: 'status-42', reply: { kind: 'text', body: 'x', status: 42 } },
  { name: 'status-100', reply: { kind: 'text', body: 'x', status: 100 } },
  { name: 'status-199', reply: { kind: 'text', body: 'x', status: 199 } },
  { name: 'status-600', reply: { kind: 'text', body: 'x', status: 600 } },
  { name: 'status-1000', reply: { kind: 'text', body: 'x', status: 1000 } },
  { name: 'status-below-zero', reply: { kind: 'text', body: 'x', status: -1 } },
  { name: 'status-in-text', reply: { kind: 'text', body: 'x', status: '200' } },
  { name: 'status-with-a-fraction', reply: { kind: 'text', body: 'x', status: 200.5 } },
  { name: 'status-null', reply: { kind: 'text', body: 'x', status: null } },
  { name: 'status-42-of-json', reply: { kind: 'json', body: {}, status: 42 } },
  { name: 'status-42-of-binary', reply: { kind: 'binary', body: [1], status: 42 } },
  { name: 'status-42-of-redirect', reply: { kind: 'redirect', body: '/x', status: 42 } },
  { name: 'status-42-of-map', reply: { kind: 'map', body: 'x', status: 42 } },
].map(({ name, reply }) =>
  refused({ name, covers: 'Status', step: ['reply', reply], errors: { contains: [BAD_STATUS] } }),
);

const goodStatuses: WireCase[] = [200, 299, 404, 599].map((status) => ({
  name: `status-${status}`,
  covers: 'Status',
  send: { steps: [['reply', { kind: 'text', body: 'x', status }]] },
  expect: { status, body: 'x', errors: '' },
}));

const INJECTION = 'x-injected: 1';
const badHeaders = [
  { name: 'header-name-with-a-space', headers: { 'x bad': 'a' }, errors: 'x bad' },
  { name: 'header-name-with-a-colon', headers: { 'x-bad:a': 'a' }, errors: 'x-bad:a' },
  { name: 'header-name-with-a-line-break', headers: { [`x-bad: a\r\n${INJECTION}\r\nx`]: 'a' }, errors: 'x-bad' },
  { name: 'header-name-outside-ascii', headers: { 'x-bäd': 'a' }, errors: 'x-b' },
  { name: 'header-name-with-nul', headers: { 'x-bad\0': 'a' }, errors: 'x-bad' },
  { name: 'header-without-a-name', headers: { '': 'a' }, errors: '' },
  { name: 'header-value-with-cr-lf', headers: { 'x-value': `a\r\n${INJECTION}` }, errors: 'x-value' },
  { name: 'header-value-with-lf', headers: { 'x-value': `a\n${INJECTION}` }, errors: 'x-value' },
  { name: 'header-value-with-cr', headers: { 'x-value': `a\r${INJECTION}` }, errors: 'x-value' },
  { name: 'header-value-with-nul', headers: { 'x-value': 'a\0b' }, errors: 'x-value' },
  { name: 'content-type-with-lf', headers: { 'content-type': `text/html\n${INJECTION}` }, errors: 'content-type' },
  { name: 'cookie-with-nul', headers: { 'set-cookie': ['a=1', 'b=\0'] }, errors: 'set-cookie' },
].map(({ name, headers, errors }) =>
  refused({
    name,
    covers: 'Headers that can be sent',
    step: ['reply', { kind: 'text', body: 'x', status: 200, headers }],
    errors: { contains: [errors], matches: /\S/ },
  }),
);

const badLocation = refused({
  name: 'redirect-with-a-line-break',
  covers: 'Headers that can be sent',
  step: ['reply', { kind: 'redirect', body: `/x\r\n${INJECTION}` }],
  errors: { contains: ['location'] },
});

const hopByHop: WireCase[] = [
  { name: 'connection', value: 'close' },
  { name: 'Connection', value: 'x-own' },
  { name: 'keep-alive', value: 'timeout=7777' },
  { name: 'transfer-encoding', value: 'gzip' },
  { name: 'content-length', value: '3' },
  { name: 'Content-Length', value: '77' },
  { name: 'upgrade', value: 'h2c' },
  { name: 'trailer', value: 'x-trailer' },
  { name: 'te', value: 'trailers' },
  { name: 'proxy-authenticate', value: 'Basic' },
  { name: 'proxy-connection', value: 'close' },
].map(({ name, value }) => {
  const lower = name.toLowerCase();
  const reply = { kind: 'text', body: 'hello', status: 200, headers: { [name]: value, 'x-kept': 'a' } };
  const exchange: Exchange = {
    send: { steps: [['reply', reply]] },
    expect: { headers: { [lower]: { not: value }, 'x-kept': 'a' }, body: 'hello', errors: '' },
  };
  return {
    name: `function-cannot-set-${lower}${name === lower ? '' : '-in-capitals'}`,
    covers: 'Headers of the connection',
    steps: [{ oneConnection: [exchange, READY] }],
  };
});

const headerText: WireCase[] = [
  { name: 'value', headers: { 'x-text': 'Zwölf 🥊 日本' } },
  { name: 'value-of-latin-letters', headers: { 'x-text': 'café' } },
  { name: 'list', headers: { 'x-text': ['ä', '🥊'] } },
  { name: 'cookie', headers: { 'set-cookie': ['a=ö', 'b=日本'] } },
].map(({ name, headers }) => ({
  name: `response-header-${name}-in-utf-8`,
  covers: 'Response header text',
  send: { steps: [['reply', { kind: 'text', body: 'x', status: 200, headers }]] as const },
  expect: { headers },
}));

const locations: WireCase[] = [
  {
    name: 'redirect-outside-ascii',
    reply: { kind: 'redirect', body: '/ö/日本?q=🥊#é' },
    expect: { status: 301, headers: { location: '/%C3%B6/%E6%97%A5%E6%9C%AC?q=%F0%9F%A5%8A#%C3%A9' } },
  },
  {
    name: 'redirect-that-is-partly-encoded',
    reply: { kind: 'redirect', body: '/%c3%b6 a/ö' },
    expect: { status: 301, headers: { location: '/%c3%b6 a/%C3%B6' } },
  },
  {
    name: 'location-header-outside-ascii',
    reply: { kind: 'text', body: 'x', status: 201, headers: { Location: 'https://example.test/ä' } },
    expect: { status: 201, headers: { location: 'https://example.test/%C3%A4' } },
  },
].map(({ name, reply, expect }) => ({
  name,
  covers: 'Response header text',
  send: { steps: [['reply', reply]] as const },
  expect,
}));

const numbers = [
  { name: 'json-of-nan', number: 'NaN', errors: /nan/i },
  { name: 'json-of-infinity', number: 'Infinity', errors: /inf/i },
  { name: 'json-of-minus-infinity', number: '-Infinity', errors: /-inf/i },
].map(({ name, number, errors }) =>
  refused({ name, covers: 'JSON', step: ['number', number], errors: { matches: errors } }),
);

export const outputCheckCases: readonly WireCase[] = [
  ...badStatuses,
  ...goodStatuses,
  ...badHeaders,
  badLocation,
  ...hopByHop,
  ...headerText,
  ...locations,
  ...numbers,
];
