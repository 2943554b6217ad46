// Certificates that this host trusts beyond the usual ones, as people behind a company's proxy have them, and how tools
// are told.

import { existsSync } from 'node:fs';

const SOURCES = ['OPR_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'CURL_CA_BUNDLE', 'REQUESTS_CA_BUNDLE'];

// What package managers and HTTP libraries look at, each its own.
const CONSUMERS = [
  'NODE_EXTRA_CA_CERTS',
  'npm_config_cafile',
  'SSL_CERT_FILE',
  'CURL_CA_BUNDLE',
  'REQUESTS_CA_BUNDLE',
  'PIP_CERT',
  'GIT_SSL_CAINFO',
  'CARGO_HTTP_CAINFO',
  'COMPOSER_CAFILE',
  'DENO_CERT',
];

/**
 * The file that the first of the usual variables names, if it exists. OPR_CA_BUNDLE comes first; set but empty, it
 * means none.
 */
export function findCaBundle(environment: NodeJS.ProcessEnv): string | undefined {
  if (environment.OPR_CA_BUNDLE === '') return undefined;
  return SOURCES.map((name) => environment[name]).find((file) => file !== undefined && file !== '' && existsSync(file));
}

/** The variables that lead the tools of a build to a bundle. */
export function caEnvironment(file: string): Record<string, string> {
  return Object.fromEntries(CONSUMERS.map((name) => [name, file]));
}
