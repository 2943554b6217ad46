// Cases of docs/contract.md, section 4: the body of a request, in all its forms.

import type { BodyData, WireCase } from '../case.ts';

const ALL_BYTES = Uint8Array.from({ length: 256 }, (_, index) => index);
const TEXT = 'Zwölf Boxkämpfer 🥊 日本\n';

const bytes: WireCase[] = ['application/octet-stream', 'application/json', 'text/plain', 'image/png'].map((type) => ({
  name: `body-bytes-of-${type.replace('/', '-')}`,
  covers: 'Body as bytes and text',
  core: type === 'application/octet-stream',
  send: { method: 'POST', headers: [['content-type', type]], body: ALL_BYTES, steps: [['echo', 'bodyBinary']] },
  expect: { body: { bytes: ALL_BYTES } },
}));

const text: WireCase[] = ['bodyText', 'bodyRaw'].flatMap((member) =>
  ['text/plain', 'application/json', 'application/octet-stream'].map((type): WireCase => ({
    name: `body-${member === 'bodyText' ? 'text' : 'raw'}-of-${type.replace('/', '-')}`,
    covers: 'Body as bytes and text',
    send: { method: 'POST', headers: [['content-type', type]], body: TEXT, steps: [['echo', member]] },
    expect: { body: TEXT },
  })),
);

const noBody: WireCase[] = [
  { name: 'body-bytes-of-no-body', member: 'bodyBinary' },
  { name: 'body-text-of-no-body', member: 'bodyText' },
  { name: 'body-raw-of-no-body', member: 'bodyRaw' },
].map(({ name, member }) => ({
  name,
  covers: 'Body as bytes and text',
  send: { method: 'POST', steps: [['echo', member]] as const },
  expect: { body: '' },
}));

const json: WireCase[] = [
  ...[undefined, 'application/json', 'text/plain', 'application/octet-stream'].map((type): WireCase => ({
    name: `body-json-of-${type?.replace('/', '-') ?? 'no-type'}`,
    covers: 'Body as JSON',
    send: {
      method: 'POST',
      headers: type === undefined ? [] : [['content-type', type]],
      body: '{"a":[1,"two",true,{"b":"ä"}]}',
      steps: [['echo', 'bodyJson']],
    },
    expect: { body: { json: { a: [1, 'two', true, { b: 'ä' }] } } },
  })),
  ...[
    { name: 'string', body: '"text"', value: 'text' },
    { name: 'list', body: '[1,2,3]', value: [1, 2, 3] },
    { name: 'empty-object', body: '{}', value: {} },
    { name: 'spaces', body: ' { "a" : 1.5 } \n', value: { a: 1.5 } },
  ].map(({ name, body, value }): WireCase => ({
    name: `body-json-${name}`,
    covers: 'Body as JSON',
    send: { method: 'POST', body, steps: [['echo', 'bodyJson']] },
    expect: { body: { json: value } },
  })),
  ...[
    { name: 'empty', body: '' },
    { name: 'invalid', body: '{"a":' },
    { name: 'text', body: 'hello' },
  ].map(({ name, body }): WireCase => ({
    name: `body-json-${name}-raises`,
    covers: 'Body as JSON',
    send: { method: 'POST', headers: [['content-type', 'text/plain']], body, steps: [['echo', 'bodyJson']] },
    expect: { status: 500, body: '', errors: { matches: /JSON/ } },
  })),
];

const byType: WireCase[] = [
  { name: 'json', type: 'application/json', body: '{"a":1}', value: { a: 1 } },
  { name: 'json-with-charset', type: 'application/json; charset=utf-8', body: '{"a":1}', value: { a: 1 } },
  { name: 'json-in-upper-case', type: 'Application/JSON', body: '{"a":1}', value: { a: 1 } },
  { name: 'json-and-more', type: 'application/json-patch+json', body: '[1]', value: [1] },
  { name: 'empty-json', type: 'application/json', body: '', value: {} },
].map(({ name, type, body, value }) => ({
  name: `body-of-${name}`,
  covers: 'Body by content type',
  core: name === 'json',
  send: { method: 'POST', headers: [['content-type', type]] as const, body, steps: [['echo', 'body']] as const },
  expect: { body: { includes: { type: 'json', value } } },
}));

const asText: WireCase[] = [
  { name: 'plain-text', type: 'text/plain' },
  { name: 'other-json', type: 'application/vnd.api+json' },
  { name: 'json-later-on', type: 'text/x; like=application/json' },
  { name: 'no-type', type: undefined },
].map(({ name, type }) => ({
  name: `body-of-${name}`,
  covers: 'Body by content type',
  send: {
    method: 'POST',
    headers: type === undefined ? [] : ([['content-type', type]] as const),
    body: '{"a":1}',
    steps: [['echo', 'body']] as const,
  },
  expect: { body: { includes: { type: 'text', value: '{"a":1}' } } },
}));

const framings: { name: string; body: BodyData | undefined; framing?: 'length' | 'chunked'; text: string }[] = [
  { name: 'with-length', body: 'abc', framing: 'length', text: 'abc' },
  { name: 'in-chunks', body: { pieces: ['abc', 'def', 'g'], pauseMs: 0 }, framing: 'chunked', text: 'abcdefg' },
  { name: 'of-length-zero', body: '', framing: 'length', text: '' },
  { name: 'of-no-chunks', body: '', framing: 'chunked', text: '' },
  { name: 'not-at-all', body: undefined, text: '' },
];

const framing: WireCase[] = framings.flatMap(({ name, body, framing: kind, text: seen }) =>
  ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'].map((method): WireCase => ({
    name: `body-${name}-by-${method.toLowerCase()}`,
    covers: 'Body framing',
    send: {
      method,
      ...(body !== undefined && { body }),
      ...(kind !== undefined && { framing: kind }),
      steps: [['echo', 'request']],
    },
    expect: { body: { includes: { method, bodyText: seen } } },
  })),
);

const large: WireCase[] = (['length', 'chunked'] as const).map((kind) => ({
  name: `large-body-${kind}`,
  covers: 'Body framing',
  send: {
    method: 'POST',
    body: { repeat: '0123456789', times: 100_000 },
    framing: kind,
    steps: [['echo', 'bodyBinary']],
  },
  expect: { body: { bytes: { repeat: '0123456789', times: 100_000 } } },
}));

export const requestBodyCases: readonly WireCase[] = [
  ...bytes,
  ...text,
  ...noBody,
  ...json,
  ...byType,
  ...asText,
  ...framing,
  ...large,
];
