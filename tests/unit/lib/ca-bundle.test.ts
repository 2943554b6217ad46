// Tests where certificates of the user's own are looked for.

import { expect, test } from 'vitest';
import { findCaBundle } from '../../../src/lib/ca-bundle.ts';

const here = import.meta.filename;

test.each([
  [{}, undefined],
  [{ NODE_EXTRA_CA_CERTS: here }, here],
  [{ SSL_CERT_FILE: '/no/such/file', CURL_CA_BUNDLE: here }, here],
  [{ OPR_CA_BUNDLE: here, SSL_CERT_FILE: import.meta.dirname }, here],
  [{ OPR_CA_BUNDLE: '', NODE_EXTRA_CA_CERTS: here }, undefined],
])('%j gives %j', (environment, file) => {
  expect(findCaBundle(environment)).toBe(file);
});
