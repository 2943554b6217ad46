// Faulty fakes: the body of a request.

import { CORRECT } from '../behaviour.ts';
import type { Fault } from './fault.ts';

export const requestBodyFaults: readonly Fault[] = [
  {
    name: 'turns bytes into text and back',
    faults: { bodyBytes: (bytes) => Buffer.from(bytes.toString('utf8')) },
    caughtBy: [
      'body-bytes-of-application-octet-stream',
      'body-bytes-of-application-json',
      'body-bytes-of-text-plain',
      'body-bytes-of-image-png',
    ],
  },
  {
    name: 'turns bytes of texts into text and back',
    faults: { bodyBytes: (bytes, type) => (type.startsWith('text/') ? Buffer.from(bytes.toString('utf8')) : bytes) },
    caughtBy: ['body-bytes-of-text-plain'],
  },
  {
    name: 'reads text as Latin-1',
    faults: { bodyText: (bytes) => bytes.toString('latin1') },
    caughtBy: [
      'body-text-of-text-plain',
      'body-text-of-application-json',
      'body-text-of-application-octet-stream',
      'body-raw-of-text-plain',
      'body-raw-of-application-json',
      'body-raw-of-application-octet-stream',
      'body-json-of-*',
    ],
  },
  {
    name: 'trims text',
    faults: { bodyText: (bytes) => bytes.toString('utf8').trim() },
    caughtBy: [
      'body-is-not-taken-for-a-request',
      'body-text-of-text-plain',
      'body-text-of-application-json',
      'body-text-of-application-octet-stream',
      'body-raw-of-text-plain',
      'body-raw-of-application-json',
      'body-raw-of-application-octet-stream',
    ],
  },
  {
    name: 'has no raw body',
    faults: { bodyRaw: () => '' },
    caughtBy: ['body-raw-of-text-plain', 'body-raw-of-application-json', 'body-raw-of-application-octet-stream'],
  },
  {
    name: 'makes nothing of an invalid JSON body',
    faults: {
      bodyJson: (text) => {
        try {
          return JSON.parse(text) as unknown;
        } catch {
          return null;
        }
      },
    },
    caughtBy: ['body-json-empty-raises', 'body-json-invalid-raises', 'body-json-text-raises'],
  },
  {
    name: 'makes an empty list of an empty object',
    faults: { bodyJson: (text) => (text === '{}' ? [] : CORRECT.bodyJson(text)) },
    caughtBy: ['body-json-empty-object'],
  },
  {
    name: 'does not name JSON when a body is invalid',
    faults: {
      bodyJson: (text) => {
        try {
          return JSON.parse(text) as unknown;
        } catch {
          throw new Error('invalid body');
        }
      },
    },
    caughtBy: ['body-json-empty-raises', 'body-json-invalid-raises', 'body-json-text-raises'],
  },
  {
    name: 'knows JSON by its exact type only',
    faults: { isJson: (type) => type === 'application/json' },
    caughtBy: ['body-of-json-with-charset', 'body-of-json-in-upper-case', 'body-of-json-and-more'],
  },
  {
    name: 'knows JSON in lower case only',
    faults: { isJson: (type) => type.startsWith('application/json') },
    caughtBy: ['body-of-json-in-upper-case'],
  },
  {
    name: 'takes anything that mentions JSON for it',
    faults: { isJson: (type) => type.toLowerCase().includes('json') },
    caughtBy: ['body-of-other-json', 'body-of-json-later-on'],
  },
  { name: 'makes nothing of an empty JSON body', faults: { emptyJson: () => null }, caughtBy: ['body-of-empty-json'] },
  {
    name: 'reads no body with GET',
    faults: { readsBody: (method) => method !== 'GET' },
    caughtBy: ['body-with-length-by-get', 'body-in-chunks-by-get'],
  },
  {
    name: 'reads no body with DELETE',
    faults: { readsBody: (method) => method !== 'DELETE' },
    caughtBy: ['body-with-length-by-delete', 'body-in-chunks-by-delete'],
  },
  {
    name: 'reads no chunks',
    faults: { readsBody: (_method, chunked) => !chunked },
    caughtBy: ['body-in-*', 'large-body-chunked', 'timeout-covers-no-reading'],
  },
];
