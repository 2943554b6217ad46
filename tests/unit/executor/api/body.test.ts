// How the body of a request becomes parameters, whatever its content type and however it is written.

import { expect, test } from 'vitest';
import { readParameters } from '../../../../src/executor/api/body.ts';

const MULTIPART = 'multipart/form-data; boundary=X';
const ALL_BYTES = Buffer.from(Array.from({ length: 256 }, (_, index) => index));

const read = (type: string | undefined, body: string | Buffer) =>
  readParameters({ request: { headers: { 'content-type': type } } as never, bytes: Buffer.from(body) });

function part({ name, value, more = '' }: { name: string; value: string | Buffer; more?: string }): Buffer {
  const head = `--X\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), Buffer.from(value), Buffer.from('\r\n')]);
}

const form = (...parts: Buffer[]) => Buffer.concat([...parts, Buffer.from('--X--\r\n')]);

test.each<{ what: string; type: string | undefined; body: string | Buffer; parameters: object }>([
  { what: 'JSON', type: 'application/json', body: '{"a":1,"b":[2]}', parameters: { a: 1, b: [2] } },
  { what: 'an empty JSON list', type: 'application/json', body: '[]', parameters: {} },
  { what: 'JSON without a content type', type: undefined, body: '{"a":1}', parameters: { a: 1 } },
  { what: 'nothing', type: MULTIPART, body: '', parameters: {} },
  {
    what: 'a urlencoded form',
    type: 'application/x-www-form-urlencoded; charset=utf-8',
    body: 'a=1&b=%C3%BC+x',
    parameters: { a: '1', b: 'ü x' },
  },
  {
    what: 'text in several languages',
    type: MULTIPART,
    body: form(part({ name: 'a', value: 'grün' }), part({ name: 'b', value: 'путь' })),
    parameters: { a: 'grün', b: 'путь' },
  },
  {
    what: 'a body of any bytes',
    type: MULTIPART,
    body: form(part({ name: 'body', value: ALL_BYTES })),
    parameters: { body: ALL_BYTES },
  },
  {
    what: 'a body whose part names a character set',
    type: MULTIPART,
    body: form(part({ name: 'body', value: ALL_BYTES, more: '\r\nContent-Type: text/plain; charset=utf-8' })),
    parameters: { body: ALL_BYTES },
  },
  {
    what: 'a file',
    type: MULTIPART,
    body: form(
      part({ name: 'body', value: ALL_BYTES, more: '; filename="a.bin"\r\nContent-Type: application/octet-stream' }),
    ),
    parameters: { body: ALL_BYTES },
  },
  {
    what: 'a quoted boundary, with text around the parts',
    type: 'multipart/form-data; boundary="X"',
    body: `before\r\n${form(part({ name: 'a', value: '' }))}after`,
    parameters: { a: '' },
  },
  {
    what: 'a name twice: the last one',
    type: MULTIPART,
    body: form(part({ name: 'a', value: '1' }), part({ name: 'a', value: '2' })),
    parameters: { a: '2' },
  },
])('reads $what', async ({ type, body, parameters }) => {
  expect({ ...(await read(type, body)) }).toEqual(parameters);
});

test('reads a body of 20 million bytes', async () => {
  const value = Buffer.alloc(20_000_000, ALL_BYTES);
  const { body } = await read(MULTIPART, form(part({ name: 'body', value })));
  expect((body as Buffer).equals(value)).toBe(true);
});

test.each<{ what: string; type: string; body: string | Buffer; why: RegExp }>([
  { what: 'JSON that ends early', type: 'application/json', body: '{"a":', why: /it is not JSON/ },
  { what: 'JSON that is no object', type: 'application/json', body: '[1]', why: /must be a JSON object/ },
  { what: 'a form without a boundary', type: 'multipart/form-data', body: 'x', why: /it is not multipart/ },
  { what: 'a form with no part in it', type: MULTIPART, body: 'x', why: /it is not multipart/ },
  { what: 'a form that ends in a part', type: MULTIPART, body: part({ name: 'a', value: '1' }), why: /not multipart/ },
  { what: 'a form that ends in a head', type: MULTIPART, body: '--X\r\nContent-Dis', why: /it is not multipart/ },
  {
    what: 'a form of more parts than there are parameters',
    type: MULTIPART,
    body: form(...Array.from({ length: 1000 }, (_, index) => part({ name: `a${index}`, value: '' }))),
    why: /more than 200 parts/,
  },
])('refuses $what', async ({ type, body, why }) => {
  await expect(read(type, body)).rejects.toMatchObject({
    type: 'execution_bad_request',
    message: expect.stringMatching(why),
  });
});
