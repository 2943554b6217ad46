// Reads the manifests of the runtimes from their folders.

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { type Manifest, manifestSchema } from './schema.ts';

/**
 * All manifests below a folder of runtimes, by name.
 * @throws Error naming the file and each field that does not fit the schema.
 */
export async function readManifests(runtimesFolder: string): Promise<Manifest[]> {
  const entries = await readdir(runtimesFolder, { withFileTypes: true });
  const manifests: Manifest[] = [];
  for (const entry of entries.toSorted((a, b) => a.name.localeCompare(b.name))) {
    if (!entry.isDirectory()) continue;
    const file = path.join(runtimesFolder, entry.name, 'runtime.json');
    const text = await readFile(file, 'utf8').catch(absentToUndefined);
    if (text !== undefined) manifests.push(parseManifest({ file, text }));
  }
  return manifests;
}

/** One manifest from the text of its file. Throws as `readManifests` does. */
export function parseManifest({ file, text }: { file: string; text: string }): Manifest {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (cause) {
    throw new Error(`${file} is not JSON: ${(cause as Error).message}`, { cause });
  }
  const result = manifestSchema.safeParse(json);
  if (!result.success) {
    throw new Error(`${file} does not fit the manifest schema:\n${z.prettifyError(result.error)}`, {
      cause: result.error,
    });
  }
  return result.data;
}

function absentToUndefined(error: NodeJS.ErrnoException): undefined {
  if (error.code === 'ENOENT') return undefined;
  throw error;
}
