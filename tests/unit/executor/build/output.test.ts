// Tests how the record of a terminal becomes entries with times.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutOutput, MAX_OUTPUT_BYTES } from '../../../../src/executor/build/output.ts';

const HEAD = 'Script started on some day [COMMAND="x"]\n';
const cut = (text: string | Buffer, timing: string) =>
  cutOutput({ log: Buffer.concat([Buffer.from(HEAD), Buffer.from(text)]), timing, started: Date.UTC(2026, 0, 1) });

test('each entry has its bytes and its moment', () => {
  expect(cut('onetwo', '0.5 3\n0.25 3\n')).toEqual([
    { timestamp: '2026-01-01T00:00:00.500+00:00', content: 'one' },
    { timestamp: '2026-01-01T00:00:00.750+00:00', content: 'two' },
  ]);
});

test('a character that is cut in two comes whole with the later entry', () => {
  expect(cut('aäb', '0 2\n0 2\n').map(({ content }) => content)).toEqual(['a', 'äb']);
});

test('what is past the limit is named and left out', () => {
  const entries = cut('x'.repeat(MAX_OUTPUT_BYTES + 10), `0 ${MAX_OUTPUT_BYTES}\n0 10\n`);
  expect(entries.map(({ content }) => (content.length > 100 ? content.length : content))).toEqual([
    MAX_OUTPUT_BYTES,
    'The output is longer than 1000000 bytes; the rest of it is not shown.\n',
  ]);
});

test('however the bytes are cut, the text is the same', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.array(fc.integer({ min: 1, max: 7 })), (text, sizes) => {
      const bytes = Buffer.from(text);
      const timing = [...sizes, bytes.length].map((size) => `0.001 ${size}\n`).join('');
      expect(
        cut(bytes, timing)
          .map(({ content }) => content)
          .join(''),
      ).toBe(text);
    }),
  );
});
