// Tests how bodies are cut out of the bytes of a connection.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bodyReader } from '../../../src/proxy/body.ts';
import { type Framing, MalformedError } from '../../../src/proxy/head.ts';

/** Reads pieces one after the other; returns the body and all that is not part of it. */
function read({ framing, pieces }: { framing: Framing; pieces: Buffer[] }): {
  body: Buffer;
  rest: Buffer;
  done: boolean;
} {
  const reader = bodyReader(framing);
  const body: Buffer[] = [];
  const rest: Buffer[] = [];
  for (const bytes of pieces) {
    const to = reader.done ? 0 : reader.read({ bytes, from: 0, sink: { piece: (one) => void body.push(one) } });
    rest.push(bytes.subarray(to));
  }
  return { body: Buffer.concat(body), rest: Buffer.concat(rest), done: reader.done };
}

function cut({ bytes, sizes }: { bytes: Buffer; sizes: number[] }): Buffer[] {
  const pieces: Buffer[] = [];
  let at = 0;
  for (const size of sizes) pieces.push(bytes.subarray(at, (at += size)));
  return [...pieces, bytes.subarray(at)];
}

function chunked({ chunks, extension, trailer }: { chunks: Uint8Array[]; extension: string; trailer: string }): Buffer {
  const parts = chunks
    .filter(({ length }) => length > 0)
    .map((chunk) =>
      Buffer.concat([Buffer.from(`${chunk.length.toString(16)}${extension}\r\n`), chunk, Buffer.from('\r\n')]),
    );
  return Buffer.concat([...parts, Buffer.from(`0${extension}\r\n${trailer}\r\n`)]);
}

const sizes = fc.array(fc.nat({ max: 40 }), { maxLength: 30 });
const data = fc.uint8Array({ maxLength: 200 });

test('a body of a length ends there, wherever the bytes are cut', () => {
  fc.assert(
    fc.property(data, data, sizes, (body, rest, where) => {
      const seen = read({ framing: body.length, pieces: cut({ bytes: Buffer.concat([body, rest]), sizes: where }) });
      expect(seen).toEqual({ body: Buffer.from(body), rest: Buffer.from(rest), done: true });
    }),
  );
});

test('a body in chunks is the same, wherever the bytes are cut', () => {
  const extension = fc.constantFrom('', ';a', ';a=b', ';a="b c"');
  const trailer = fc.constantFrom('', 'a: b\r\n', 'a: b\r\nc: d\r\n');
  fc.assert(
    fc.property(
      fc.array(data, { maxLength: 6 }),
      data,
      extension,
      trailer,
      sizes,
      (chunks, rest, after, last, where) => {
        const bytes = Buffer.concat([chunked({ chunks, extension: after, trailer: last }), rest]);
        expect(read({ framing: 'chunked', pieces: cut({ bytes, sizes: where }) })).toEqual({
          body: Buffer.concat(chunks),
          rest: Buffer.from(rest),
          done: true,
        });
      },
    ),
  );
});

test('a body that ends with the connection has no end before', () => {
  expect(read({ framing: 'until-end', pieces: [Buffer.from('a'), Buffer.from('b')] })).toEqual({
    body: Buffer.from('ab'),
    rest: Buffer.alloc(0),
    done: false,
  });
});

describe('chunks that others may understand differently are refused:', () => {
  test.each([
    ['no size', '\r\nabc'],
    ['a size that is no number', 'x\r\n'],
    ['a size with a sign', '+3\r\nabc\r\n'],
    ['a size with 0x', '0x3\r\nabc\r\n'],
    ['a space before the size', ' 3\r\nabc\r\n'],
    ['a space after the size', '3 \r\nabc\r\n'],
    ['an endless size', '1000000000000\r\n'],
    ['a line feed alone', '3\nabc\r\n'],
    ['a carriage return alone', '3\rabc'],
    ['a line feed in an extension', '3;a\nb\r\nabc\r\n'],
    ['a chunk longer than its size', '3\r\nabcd\r\n'],
    ['a chunk shorter than its size', '3\r\nab\r\n0\r\n\r\n'],
    ['a line feed alone after a chunk', '3\r\nabc\n0\r\n\r\n'],
    ['a trailer that is folded', '0\r\n a: b\r\n\r\n'],
    ['a line feed alone in a trailer', '0\r\na: b\nc: d\r\n\r\n'],
    ['an endless extension', `3;${'a'.repeat(2_000)}`],
    ['endless trailers', `0\r\n${'a: b\r\n'.repeat(5_000)}`],
  ])('%s', (_what, text) => {
    expect(() => read({ framing: 'chunked', pieces: [Buffer.from(text)] })).toThrow(MalformedError);
  });
});
