// Which images CI builds and examines. Run alone, it prints them as JSON.

import path from 'node:path';
import { readManifests } from '../src/manifest/read.ts';
import type { Manifest } from '../src/manifest/schema.ts';

/** `name:version` of every image. */
export function matrix(manifests: Manifest[]): string[] {
  return manifests.flatMap(({ name, versions }) => versions.map(({ version }) => `${name}:${version}`));
}

if (import.meta.main) {
  console.log(JSON.stringify(matrix(await readManifests(path.join(import.meta.dirname, '../runtimes')))));
}
