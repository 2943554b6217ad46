// Tests which headers pass between callers and functions.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { passableHeaders } from '../../../../src/executor/call/headers.ts';

test.each([
  ['headers of one connection', ['Connection', 'keep-alive', 'Transfer-Encoding', 'chunked', 'A', '1']],
  ['headers that Connection names', ['Connection', 'X-Secret-Hop', 'X-Secret-Hop', 'yes', 'A', '1']],
  ['reserved headers in any case', ['X-OPEN-Runtimes-Anything', 'yes', 'A', '1']],
])('%s do not pass', (_what, raw) => {
  expect(passableHeaders(raw)).toEqual(['A', '1']);
});

test('whatever else is sent passes as it is', () => {
  const name = fc.stringMatching(/^x-[a-z]{1,10}$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.string())), (headers) => {
      expect(passableHeaders(headers.flat())).toEqual(headers.flat());
    }),
  );
});
