// Tests what is taken for a program's exit message.

import { expect, test } from 'vitest';
import { lastLine } from '../../../../src/adapters/docker/exit-message.ts';

test.each([
  { text: 'first\nlast\n', line: 'last' },
  { text: 'last\n\n  \n', line: 'last' },
  { text: '\u001B[36m[open-runtimes]\u001B[0m \u001B[31mError: no\u001B[0m\n', line: 'Error: no' },
  { text: 'a\tb\r\n', line: 'a b' },
  { text: 'x'.repeat(1000), line: 'x'.repeat(500) },
  { text: '\n \n', line: undefined },
  { text: '', line: undefined },
])('of $text it is $line', ({ text, line }) => {
  expect(lastLine(text)).toBe(line);
});
