// Makes images present on the engine: one pull for all who want the same image, with the login of its registry, and not
// for ever.

import type Docker from 'dockerode';
import { AdapterError, type ImageInfo } from '../adapter.ts';
import { describe, isMissing } from './errors.ts';

/** A login for one registry. */
export interface Credentials {
  /** Such as `docker.io` or `registry.example.com:5000`. */
  registry: string;
  username: string;
  password: string;
}

interface Pulling {
  docker: Docker;
  credentials: Credentials | undefined;
  timeoutMs: number;
  /** Aborts when the adapter closes. */
  signal: AbortSignal;
}

const DOCKER_HUB = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io', 'registry.hub.docker.com']);

/** Returns what pulls an image unless it is there, and tells of it. */
export function createPulls(pulling: Pulling): (request: { image: string }) => Promise<ImageInfo> {
  const running = new Map<string, Promise<ImageInfo>>();
  return ({ image }) => {
    const pull = running.get(image) ?? ensureImage({ ...pulling, image }).finally(() => running.delete(image));
    running.set(image, pull);
    return pull;
  };
}

async function ensureImage({ docker, image, ...pulling }: Pulling & { image: string }): Promise<ImageInfo> {
  const inspect = async () => ({ labels: (await docker.getImage(image).inspect()).Config.Labels ?? {} });
  try {
    return await inspect();
  } catch (error) {
    if (!isMissing(error)) throw error;
  }
  await pullImage({ docker, image, ...pulling });
  return inspect();
}

async function pullImage({
  docker,
  image,
  credentials,
  timeoutMs,
  signal,
}: Pulling & { image: string }): Promise<void> {
  const timeout = AbortSignal.timeout(timeoutMs);
  const authconfig = credentials && sameRegistry(credentials.registry, registryOf(image)) ? credentials : undefined;
  try {
    const stream = await docker.pull(image, {
      abortSignal: AbortSignal.any([signal, timeout]),
      ...(authconfig && { authconfig: toAuthconfig(authconfig) }),
    });
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()));
    });
  } catch (cause) {
    // Only an answer of the engine is about the image; without one the engine is what is missing.
    if (!timeout.aborted && describe(cause).system !== undefined && !signal.aborted) throw cause;
    const words = timeout.aborted ? `it took longer than ${timeoutMs / 1000} s.` : describe(cause).words;
    throw new AdapterError({
      code: 'image_missing',
      message: `Could not pull the image ${image}: ${words}${hint({ words, image, authconfig })}`,
      cause,
    });
  }
}

function toAuthconfig({ registry, username, password }: Credentials): {
  serveraddress: string;
  username: string;
  password: string;
} {
  return { serveraddress: DOCKER_HUB.has(registry) ? 'https://index.docker.io/v1/' : registry, username, password };
}

function hint({
  words,
  image,
  authconfig,
}: {
  words: string;
  image: string;
  authconfig: Credentials | undefined;
}): string {
  if (!/denied|unauthorized|authenticat|no basic auth/i.test(words)) return '';
  return authconfig
    ? ` (The registry ${registryOf(image)} was given the user name ${authconfig.username}.)`
    : ` (The registry ${registryOf(image)} was given no user name.)`;
}

/** A name's first part is a registry if it looks like a host; else the image is on Docker Hub. */
export function registryOf(image: string): string {
  const [first = '', ...rest] = image.split('/');
  return rest.length > 0 && (/[.:]/.test(first) || first === 'localhost') ? first : 'docker.io';
}

function sameRegistry(one: string, other: string): boolean {
  return one === other || (DOCKER_HUB.has(one) && DOCKER_HUB.has(other));
}
