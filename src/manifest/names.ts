// The names of the images that a manifest makes (docs/contract.md, section 12).

import type { Manifest, Version } from './schema.ts';

/** `open-runtimes/<image>:<version>`, the image's own name. */
export function imageName(manifest: Manifest, version: Version): string {
  return `open-runtimes/${manifest.image}:${version.version}`;
}

/** `openruntimes/<alias>:v5-<version>`, the name that existing executors ask for. */
export function aliasName(manifest: Manifest, version: Version): string {
  return `openruntimes/${manifest.alias}:${manifest.contract}-${version.version}`;
}
