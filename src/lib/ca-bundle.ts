// Certificates that this host trusts beyond the usual ones, as people behind a company's proxy have them.

import { existsSync } from 'node:fs';

const SOURCES = ['OPR_CA_BUNDLE', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'CURL_CA_BUNDLE', 'REQUESTS_CA_BUNDLE'];

/**
 * The file that the first of the usual variables names, if it exists. OPR_CA_BUNDLE comes first; set but empty, it
 * means none.
 */
export function findCaBundle(environment: NodeJS.ProcessEnv): string | undefined {
  if (environment.OPR_CA_BUNDLE === '') return undefined;
  return SOURCES.map((name) => environment[name]).find((file) => file !== undefined && file !== '' && existsSync(file));
}
