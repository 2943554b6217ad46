// Chooses images by what people write on the command line: `name`, `name:version`, or nothing for all.

import path from 'node:path';
import { readManifests } from '../../src/manifest/read.ts';
import type { Manifest, Version } from '../../src/manifest/schema.ts';

export const RUNTIMES_FOLDER = path.join(import.meta.dirname, '../../runtimes');

/** One image to be: a version of a runtime. */
export interface Target {
  manifest: Manifest;
  version: Version;
  /** The folder of all runtimes, from which the image is built. */
  folder: string;
}

/**
 * The images that the words choose, each once, in the manifests' order.
 * @throws Error naming what there is, for a word that fits nothing.
 */
export async function select({
  words,
  folder = RUNTIMES_FOLDER,
}: {
  words: string[];
  folder?: string;
}): Promise<Target[]> {
  const manifests = await readManifests(folder);
  const all = manifests.flatMap((manifest) => manifest.versions.map((version) => ({ manifest, version, folder })));
  for (const word of words) {
    if (!all.some((target) => matches({ target, word }))) {
      throw new Error(`There is no runtime "${word}". There are: ${all.map(targetName).join(' ')}`);
    }
  }
  return words.length === 0 ? all : all.filter((target) => words.some((word) => matches({ target, word })));
}

/** `name:version`, as people write it. */
export function targetName({ manifest, version }: Target): string {
  return `${manifest.name}:${version.version}`;
}

function matches({ target, word }: { target: Target; word: string }): boolean {
  return word === target.manifest.name || word === targetName(target);
}
