// Makes a container of an instance's spec and starts it, on networks that are made again if they went away.

import type Docker from 'dockerode';
import type { ContainerInspectInfo } from 'dockerode';
import type { InstanceSpec } from '../adapter.ts';
import { toContainer } from './container.ts';
import { describe } from './errors.ts';
import { ensureNetworks, type NetworkOptions } from './networks.ts';
import { removeContainer } from './stop.ts';

interface Start extends NetworkOptions {
  docker: Docker;
  spec: InstanceSpec;
  isolated: boolean;
  published: boolean;
  /** MB. */
  maxFile: number | undefined;
}

/** Asks the engine for no more than it must: every question costs, and the answers are the same almost always. */
export async function startContainer(start: Start): Promise<ContainerInspectInfo> {
  // It is looked at when the container is there; until then nobody else need say that it failed.
  start.spec.prepared?.catch(() => {});
  try {
    return await startOnce(start);
  } catch (error) {
    if (!isMissingNetwork(error)) throw error;
    await ensureNetworks(start);
    return startOnce(start);
  }
}

async function startOnce({
  docker,
  spec,
  owner,
  networks: [network, ...others],
  published,
  maxFile,
}: Start): Promise<ContainerInspectInfo> {
  const container = await docker.createContainer(toContainer({ spec, owner, network, published, maxFile }));
  try {
    await spec.prepared;
    for (const name of others) await docker.getNetwork(name).connect({ Container: container.id });
    await container.start();
    return await container.inspect();
  } catch (error) {
    await removeContainer(container);
    throw error;
  }
}

function isMissingNetwork(error: unknown): boolean {
  const { status, words } = describe(error);
  return status === 404 && /network .*not found/i.test(words);
}
