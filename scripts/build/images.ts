// Builds images one after another, each shown as a step.

import type Docker from 'dockerode';
import { imageName } from '../../src/manifest/names.ts';
import type { Steps } from '../console/steps.ts';
import { findCaBundle } from '../../src/lib/ca-bundle.ts';
import { buildImage } from './image.ts';
import type { Target } from './select.ts';

export interface BuildImagesRequest {
  docker: Docker;
  targets: Target[];
  steps: Steps;
  force?: boolean;
}

/** Makes every image present and current. Stops at the first that cannot be built. */
export async function buildImages({ docker, targets, steps, force = false }: BuildImagesRequest): Promise<void> {
  const caBundle = findCaBundle(process.env);
  // npm tells its scripts of a registry other than its own in this variable.
  const npmRegistry = process.env.npm_config_registry ?? process.env.NPM_CONFIG_REGISTRY;
  for (const target of targets) {
    const title = `Image ${imageName(target.manifest, target.version)}`;
    await steps.run(title, (say, signal) => buildImage({ docker, target, say, signal, force, caBundle, npmRegistry }));
  }
}
