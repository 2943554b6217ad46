// The labels that an image of a runtime gets from its manifest, and from what is true of all runtimes.

import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CERTIFICATE_VARIABLES_LABEL, START_VARIABLES_LABEL } from '../contract/image-labels.ts';
import { type Manifest, variablesSchema } from './schema.ts';

const SHARED = 'shared/variables.json';

/** @throws Error if the file of the variables of all runtimes is not there, or not as it should be. */
export async function variableLabels({
  manifest,
  folder,
}: {
  manifest: Manifest;
  /** That of all runtimes. */
  folder: string;
}): Promise<Record<string, string>> {
  const shared = variablesSchema.parse(JSON.parse(await readFile(path.join(folder, SHARED), 'utf8')));
  const join = (key: keyof typeof shared) => [...new Set([...shared[key], ...manifest[key]])].toSorted().join(' ');
  return {
    [START_VARIABLES_LABEL]: join('startVariables'),
    [CERTIFICATE_VARIABLES_LABEL]: join('certificateVariables'),
  };
}
