// Tests how the record of a terminal becomes entries with times.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutOutput, MAX_OUTPUT_BYTES, textOf } from '../../../../src/executor/build/output.ts';

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

test('a piece that crosses the limit is shown up to it', () => {
  const entries = cut(`${'x'.repeat(MAX_OUTPUT_BYTES - 5)}${'y'.repeat(10)}`, `0 ${MAX_OUTPUT_BYTES - 5}\n0 10\n`);
  expect(entries.slice(1).map(({ content }) => content)).toEqual([
    'yyyyy',
    'The output is longer than 1000000 bytes; the rest of it is not shown.\n',
  ]);
});

test.each([
  ['lines of one letter', 'x\n'.repeat(2 ** 20), 'x\n'.repeat(500_000)],
  ['white space before it all', `${' '.repeat(100_000)}${'x'.repeat(2 ** 20)}`, 'x'.repeat(1_000_000)],
  ['letters of four bytes', '😀'.repeat(1_000_001), '😀'.repeat(1_000_000)],
  ['little', ' \nonly this\n\n', 'only this'],
])(
  'the text of a failed command is its first million characters, without white space around: %s',
  (_what, text, expected) => {
    const tail = '\nScript done on some day [COMMAND_EXIT_CODE="1"]\n';
    expect(textOf(Buffer.from(`${HEAD}${text}${tail}`)) === expected).toBe(true);
  },
);
