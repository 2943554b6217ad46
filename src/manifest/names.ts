// The names of the images that a manifest makes (docs/contract.md, section 12).

import type { Manifest, Version } from './schema.ts';

/**
 * One image of a version: the one that builds and serves, or, of a language that compiles, the one that only serves.
 */
export interface ImageNames {
  /** The stage of the Dockerfile that it is; its last one if left out. */
  stage?: typeof SERVE;
  /** `open-runtimes/<image>:<version>`, the image's own name. */
  name: string;
  /** `openruntimes/<alias>:v5-<version>`, the name that existing executors ask for. */
  alias: string;
}

/** The stage, and the end of the name, of an image that only serves. */
const SERVE = 'serve';

/** All images of a version, first the one that builds. */
export function imagesOf(manifest: Manifest, version: Version): [ImageNames, ...ImageNames[]] {
  const whole = { name: imageName(manifest, version), alias: aliasName(manifest, version) };
  if (manifest.pack === 'source') return [whole];
  return [whole, { stage: SERVE, name: `${whole.name}-${SERVE}`, alias: `${whole.alias}-${SERVE}` }];
}

/** The name of the image that builds and serves. */
export function imageName(manifest: Manifest, version: Version): string {
  return `open-runtimes/${manifest.image}:${version.version}`;
}

/** Its alias. */
export function aliasName(manifest: Manifest, version: Version): string {
  return `openruntimes/${manifest.alias}:${manifest.contract}-${version.version}`;
}
