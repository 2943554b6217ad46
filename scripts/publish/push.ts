// Pushes one local image under one name of a registry, and takes that name off the local image again.

import type Docker from 'dockerode';
import type { Say } from '../console/steps.ts';
import type { Registry } from './registry.ts';

export interface Push {
  /** A local name, `open-runtimes/<image>:<version>`. It is the name in the registry too. */
  name: string;
}

/** Repository and tag of a name. */
export function splitName(name: string): { repository: string; tag: string } {
  const colon = name.lastIndexOf(':');
  return { repository: name.slice(0, colon), tag: name.slice(colon + 1) };
}

export async function push({
  docker,
  registry,
  name,
  say,
}: Push & { docker: Docker; registry: Registry; say: Say }): Promise<void> {
  const { repository, tag } = splitName(name);
  const remote = `${registry.host}/${repository}`;
  await docker.getImage(name).tag({ repo: remote, tag });
  const image = docker.getImage(`${remote}:${tag}`);
  try {
    const stream = await image.push({ authconfig: { ...registry.credentials, serveraddress: registry.host } });
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(
        stream,
        (error) => (error ? reject(error) : resolve()),
        ({ status, error }: { status?: string; error?: string }) =>
          error ? reject(new Error(error)) : say(status ?? ''),
      );
    });
  } finally {
    await image.remove();
  }
}
