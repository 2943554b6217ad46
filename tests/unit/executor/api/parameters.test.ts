// Tests what parameters may be, and what callers are told when they are not.

import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ExecutorError } from '../../../../src/executor/errors.ts';
import { createSchemas, validate } from '../../../../src/executor/api/parameters.ts';

const schemas = createSchemas({ versions: ['v5'] });
const RUNTIME = { runtimeId: 'one', image: 'some/image:1' };

function complaint(parameters: object): string {
  try {
    validate(schemas.create, { ...RUNTIME, ...parameters });
    return 'none';
  } catch (error) {
    return (error as Error).message;
  }
}

describe('what is refused', () => {
  test.each([
    [{ runtimeId: undefined }, 'Param "runtimeId" is not optional.'],
    [{ image: null }, 'Param "image" is not optional.'],
    [{ runtimeId: 'a/b' }, 'Invalid `runtimeId` param: Value may contain letters, digits, "_", "." and "-" only'],
    [{ runtimeId: 'a'.repeat(65) }, 'Invalid `runtimeId` param: Value must be no longer than 64 characters'],
    [{ image: 'a'.repeat(129) }, 'Invalid `image` param: Value must be no longer than 128 characters'],
    [{ entrypoint: 'a'.repeat(257) }, 'Invalid `entrypoint` param: Value must be no longer than 256 characters'],
    [{ entrypoint: 'a\0OPEN_RUNTIMES_SECRET=mine' }, 'Invalid `entrypoint` param: Value must not contain a zero byte'],
    [{ command: 'a\0b' }, 'Invalid `command` param: Value must not contain a zero byte'],
    [{ variables: 'text' }, 'Invalid `variables` param: Value must be an object'],
    [
      { variables: { a: 'x'.repeat(65_535) } },
      'Invalid `variables` param: Value must be no longer than 65535 bytes as JSON',
    ],
    [
      { variables: { 'a=b': 'x' } },
      'Invalid `variables` param: Names must not be empty or contain "=", and nothing may contain a zero byte',
    ],
    [
      { cacheKey: '../x' },
      'Invalid `cacheKey` param: Value must begin with a letter or digit and contain letters, digits, ".", ' +
        '"_" and "-" only, 128 at most',
    ],
    [{ timeout: 'soon' }, 'Invalid `timeout` param: Value must be a number'],
    [{ cpus: 0 }, 'Invalid `cpus` param: Value must be at least 0.01'],
    [{ remove: 'perhaps' }, 'Invalid `remove` param: Value must be a boolean'],
    [{ version: 'v4' }, 'Invalid `version` param: Value must be one of v5'],
    [
      { restartPolicy: 'often' },
      'Invalid `restartPolicy` param: Value must be one of no, always, on-failure, unless-stopped',
    ],
  ])('%j', (parameters, message) => {
    expect(complaint(parameters)).toBe(message);
  });
});

test('what is left out has the documented default', () => {
  expect(validate(schemas.create, RUNTIME)).toEqual({
    ...RUNTIME,
    entrypoint: '',
    source: '',
    destination: '',
    outputDirectory: '',
    variables: {},
    runtimeEntrypoint: '',
    command: '',
    cacheKey: '',
    timeout: 600,
    remove: false,
    cpus: 1,
    memory: 512,
    version: 'v5',
    restartPolicy: 'no',
    concurrency: 0,
  });
});

test.each([
  ['scalars of multipart bodies', { timeout: '5', cpus: '0.5', remove: '1' }, { timeout: 5, cpus: 0.5, remove: true }],
  ['an empty text for false', { remove: '' }, { remove: false }],
  ['a map as JSON text', { variables: '{"A":"b"}' }, { variables: { A: 'b' } }],
  ['an empty list for an empty map', { variables: [] }, { variables: {} }],
  ['values of variables that are no text', { variables: { A: 1, B: true } }, { variables: { A: '1', B: 'true' } }],
  ['null for not given', { entrypoint: null }, { entrypoint: '' }],
])('%s are understood', (_what, parameters, expected) => {
  expect(validate(schemas.create, { ...RUNTIME, ...parameters })).toMatchObject(expected);
});

test.each([
  ['', '/'],
  ['a?b=c', '/a?b=c'],
  ['/a/../b', '/a/../b'],
  ['/%C3%A4', '/%C3%A4'],
  ['/ä', '/%C3%A4'],
])('the path %j is sent as %j', (path, sent) => {
  expect(validate(schemas.execute, { runtimeId: 'one', path }).path).toBe(sent);
});

test.each(['/a b', '/a\r\nHost: x', '/\0'])('the path %j is refused', (path) => {
  expect(() => validate(schemas.execute, { runtimeId: 'one', path })).toThrow('Invalid `path` param');
});

test.each([{ 'a b': 'x' }, { a: 'x\r\ny: z' }, { '': 'x' }])('the headers %j are refused', (headers) => {
  expect(() => validate(schemas.execute, { runtimeId: 'one', headers })).toThrow('Invalid `headers` param');
});

/** The error of validating, or undefined. */
function thrownBy(parameters: Record<string, unknown>): unknown {
  try {
    validate(schemas.execute, parameters);
    return undefined;
  } catch (error) {
    return error;
  }
}

test('whatever is sent, the answer is a value or an error about a parameter', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...Object.keys(schemas.execute.shape)), fc.anything()), (parameters) => {
      const error = thrownBy(parameters);
      expect(error === undefined || error instanceof ExecutorError).toBe(true);
    }),
  );
});
