// What images say in their labels of the variables that mean something to them; the executor itself knows none.

import type { Adapter, ImageInfo } from '../../adapters/adapter.ts';
import { CERTIFICATE_VARIABLES_LABEL, START_VARIABLES_LABEL } from '../../contract/image-labels.ts';

// An image of the same name may be another one by then.
const FRESH_MS = 60_000;

// What the libraries of most systems read, for images that say nothing.
const USUAL_CERTIFICATES = ['SSL_CERT_FILE', 'CURL_CA_BUNDLE', 'GIT_SSL_CAINFO'];

export interface ImageVariables {
  /** Whether one of these variables counts only when a process starts. */
  callForNewProcess(names: string[]): boolean;
  /** Those that lead its tools to a file of certificates. */
  certificates: string[];
}

/** Returns what tells of an image, which is fetched if it is missing. Throws as the adapter's `pull` does. */
export function createImageVariables(adapter: Pick<Adapter, 'pull'>): (image: string) => Promise<ImageVariables> {
  const known = new Map<string, { at: number; variables: Promise<ImageVariables> }>();
  return (image) => {
    const entry = known.get(image);
    if (entry && Date.now() - entry.at < FRESH_MS) return entry.variables;
    const variables = adapter.pull({ image }).then(readLabels);
    known.set(image, { at: Date.now(), variables });
    variables.catch(() => known.delete(image));
    return variables;
  };
}

/** Of an image that says nothing, any variable may count only at the start. */
function readLabels({ labels }: ImageInfo): ImageVariables {
  const patterns = labels[START_VARIABLES_LABEL]?.split(' ') ?? ['*'];
  return {
    callForNewProcess: (names) => names.some((name) => patterns.some((pattern) => matches({ name, pattern }))),
    certificates: labels[CERTIFICATE_VARIABLES_LABEL]?.split(' ').filter((name) => name !== '') ?? USUAL_CERTIFICATES,
  };
}

function matches({ name, pattern }: { name: string; pattern: string }): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
