// Keeping the beginning of an output.

import { expect, test } from 'vitest';
import { collectOutput } from '../../../src/adapters/output.ts';

test.each([
  { maxBytes: 0, chunks: [], output: '', truncated: false },
  { maxBytes: 0, chunks: ['a'], output: '', truncated: true },
  { maxBytes: 3, chunks: ['ab', 'c'], output: 'abc', truncated: false },
  { maxBytes: 3, chunks: ['ab', 'cd', 'ef'], output: 'abc', truncated: true },
  { maxBytes: 3, chunks: ['abc', ''], output: 'abc', truncated: false },
  { maxBytes: 4, chunks: ['é', 'é', 'é'], output: 'éé', truncated: true },
])('of $chunks at most $maxBytes bytes are kept', ({ maxBytes, chunks, output, truncated }) => {
  const { sink, taken } = collectOutput({ maxBytes });
  for (const chunk of chunks) sink.write(chunk);
  expect({ ...taken(), output: taken().output.toString() }).toEqual({ output, truncated });
});
