// Tests which headers pass between callers and functions.

import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { collectHeaders, passableHeaders } from '../../../../src/executor/call/headers.ts';

test.each([
  ['headers of one connection', ['Connection', 'keep-alive', 'Transfer-Encoding', 'chunked', 'A', '1']],
  ['headers that Connection names', ['Connection', 'X-Secret-Hop', 'X-Secret-Hop', 'yes', 'A', '1']],
  ['reserved headers in any case', ['X-OPEN-Runtimes-Anything', 'yes', 'A', '1']],
])('%s do not pass', (_what, raw) => {
  expect(passableHeaders(raw)).toEqual(['A', '1']);
});

test('repeated headers become a list, whatever their name', () => {
  expect(collectHeaders(['Set-Cookie', 'a', 'set-cookie', 'b', '__proto__', 'c'])).toEqual(
    Object.assign(Object.create(null), { 'set-cookie': ['a', 'b'], ['__proto__']: 'c' }),
  );
});

test('whatever else is sent passes as it is', () => {
  const name = fc.stringMatching(/^x-[a-z]{1,10}$/);
  fc.assert(
    fc.property(fc.array(fc.tuple(name, fc.string())), (headers) => {
      expect(passableHeaders(headers.flat())).toEqual(headers.flat());
    }),
  );
});
