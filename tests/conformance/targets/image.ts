// A target that is an image: builds the fixture with it and starts containers of it.

import type { Manifest } from '../../../src/manifest/schema.ts';
import type { Target } from './target.ts';

export interface ImageOptions {
  /** The image's name with its tag. */
  image: string;
  /** The folder of the runtime's fixture, with `function/` and the others. */
  fixtureFolder: string;
  /** The image's manifest and version; absent for images of strangers. */
  manifest?: Manifest;
  version?: string;
}

export async function imageTarget({ image }: ImageOptions): Promise<Target> {
  throw new Error(`cannot examine ${image} yet`);
}
