// Makes images present on the engine.

import type Docker from 'dockerode';
import { AdapterError } from '../adapter.ts';
import { describe, isMissing } from './errors.ts';

/** Pulls an image unless it is there. */
export async function pullImage({ docker, image }: { docker: Docker; image: string }): Promise<void> {
  try {
    await docker.getImage(image).inspect();
    return;
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  try {
    const stream = await docker.pull(image);
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()));
    });
  } catch (cause) {
    // Only an answer of the engine is about the image; without one the engine is what is missing.
    if (describe(cause).system !== undefined) throw cause;
    throw new AdapterError({ code: 'image_missing', message: `Could not pull the image ${image}: ${describe(cause).words}`, cause });
  }
}
