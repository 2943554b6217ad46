// A runtime of a few lines that tests can build in a moment, and the images it leaves.

import { tagsOf } from '../../scripts/build/image.ts';
import { select } from '../../scripts/build/select.ts';
import { openEngine } from './engine.ts';
import { type TemporaryFolder, temporaryFolder } from './folder.ts';

/**
 * Its image prints the file `content`; that which only serves, where it compiles, prints its name. Disposing removes
 * folder and images.
 */
export async function inventedRuntime({
  image,
  versions,
  pack = 'source',
}: {
  image: string;
  versions: string[];
  pack?: 'source' | 'binary';
}): Promise<TemporaryFolder> {
  const manifest = {
    name: 'invented',
    title: 'Invented',
    image,
    alias: image,
    versions: versions.map((version) => ({ version })),
    entrypoint: 'a',
    install: '',
    pack,
  };
  const folder = await temporaryFolder({
    'invented/runtime.json': JSON.stringify(manifest),
    'invented/Dockerfile':
      'ARG SUITE\nFROM debian:${SUITE}-slim AS serve\nCMD ["echo", "serve"]\nFROM debian:${SUITE}-slim\n' +
      'COPY invented/content /content\nCMD ["cat", "/content"]\n',
    'invented/content': 'first',
    'agent/src/main.rs': '',
    'shared/setup.sh': '',
    'shared/variables.json': '{}',
  });
  return {
    ...folder,
    async [Symbol.asyncDispose]() {
      const docker = openEngine();
      const names = (await select({ words: [], folder: folder.path })).flatMap(tagsOf);
      // One after another, for the last name takes the image with it.
      for (const name of names) await docker.getImage(name).remove().catch(ignoreMissing);
      await folder[Symbol.asyncDispose]();
    },
  };
}

function ignoreMissing(error: { statusCode?: number }): void {
  if (error.statusCode !== 404) throw error;
}
