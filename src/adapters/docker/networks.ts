// The networks that instances live on: made when missing, and taken away again if they are ours.

import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { hostname } from 'node:os';
import type Docker from 'dockerode';
import type { NetworkInspectInfo } from 'dockerode';
import { poll } from '../../lib/poll.ts';
import { AdapterError } from '../adapter.ts';
import { describe, isMissing } from './errors.ts';
import { type Firewall, forgetBridges } from './firewall.ts';
import { OWNER_LABEL, ownedBy } from './labels.ts';

const MAKING_MS = 10_000;
const BRIDGE_NAME = 'com.docker.network.bridge.name';

export interface NetworkOptions {
  docker: Docker;
  owner: string;
  /** Every instance is on all of them; addresses are those on the first. */
  networks: [string, ...string[]];
  /** Whether instances reach anything beyond their host. */
  egress: 'allow' | 'deny';
  firewall: Firewall;
}

/** Makes the networks ready, and finds out whether this process can reach addresses on the first of them. */
export async function openNetworks(options: NetworkOptions): Promise<{ isolated: boolean; reachable: boolean }> {
  const { docker, networks } = options;
  const self = await findSelf(docker);
  // Where containers are kept apart, a process that lives in one would be kept apart from the instances too.
  const isolated = self === undefined;
  await removeUnfit(options);
  await ensureNetworks({ ...options, isolated });
  if (self) await attach({ docker, container: self, networks });
  return { isolated, reachable: await routesTo({ docker, network: networks[0] }) };
}

/**
 * A network of ours that was made with the other egress is made anew; one on which somebody is cannot be, and deceiving
 * the operator is worse.
 */
async function removeUnfit({ docker, owner, networks, egress }: NetworkOptions): Promise<void> {
  const internal = egress === 'deny';
  const unfit = (await docker.listNetworks()).filter(
    (network) => networks.includes(network.Name) && network.Internal !== internal,
  );
  for (const { Id, Name, Labels } of unfit) {
    const isOurs = Labels?.[OWNER_LABEL] === owner;
    // Somebody who made a network without a way out had a reason.
    if (!isOurs && !internal) continue;
    try {
      if (!isOurs) throw new Error('it was made by somebody else');
      await docker.getNetwork(Id).remove();
    } catch (cause) {
      const message =
        `The network ${Name} was made ${internal ? 'with' : 'without'} a way out, and cannot be made anew: ` +
        `${describe(cause).words}. Remove the containers on it, or name another network.`;
      throw new AdapterError({ code: 'failed', message, cause });
    }
  }
}

/**
 * Makes sure that the networks exist and are guarded. Those it makes keep their containers apart unless `isolated` is
 * false.
 */
export async function ensureNetworks({
  docker,
  owner,
  networks,
  isolated,
  egress,
  firewall,
}: NetworkOptions & { isolated: boolean }): Promise<void> {
  let refusal: unknown;
  const look = async (): Promise<string[] | undefined> => {
    const present = (await docker.listNetworks()).filter(({ Name }) => networks.includes(Name));
    const missing = networks.filter((name) => !present.some(({ Name }) => Name === name));
    if (missing.length === 0) return present.flatMap(({ Options }) => Options?.[BRIDGE_NAME] ?? []);
    try {
      for (const name of missing) await createNetwork({ docker, owner, name, isolated, internal: egress === 'deny' });
    } catch (error) {
      // Somebody else is making it; it is listed when that is done.
      if (!/already exists|same bridge name/.test(describe(error).words)) throw error;
      refusal = error;
    }
    return undefined;
  };
  const limit = AbortSignal.timeout(MAKING_MS);
  const bridges = await poll({ look, firstPauseMs: 1, longestPauseMs: 50, signal: limit }).catch((error: unknown) => {
    throw limit.aborted ? (refusal ?? error) : error;
  });
  await firewall.protect(bridges.filter((bridge) => bridge.startsWith('opr-')));
}

async function createNetwork({
  docker,
  owner,
  name,
  isolated,
  internal,
}: {
  docker: Docker;
  owner: string;
  name: string;
  isolated: boolean;
  internal: boolean;
}): Promise<void> {
  await docker.createNetwork({
    Name: name,
    Driver: 'bridge',
    Internal: internal,
    Labels: { [OWNER_LABEL]: owner },
    Options: {
      'com.docker.network.bridge.enable_icc': String(!isolated),
      // The engine lets two networks have one name, but not one bridge. A name of 15 characters is the longest there
      // is.
      [BRIDGE_NAME]: `opr-${createHash('sha256').update(name).digest('hex').slice(0, 11)}`,
    },
  });
}

/** Removes the owner's networks on which nobody is left, and their rules with them. */
export async function removeNetworks({ docker, owner }: { docker: Docker; owner: string }): Promise<void> {
  for (const { Id } of await docker.listNetworks({ filters: ownedBy(owner) })) {
    const network = docker.getNetwork(Id);
    try {
      await network.remove();
    } catch (error) {
      if (!isMissing(error) && !/active endpoints/.test(describe(error).words)) throw error;
    }
  }
  await forgetBridges();
}

/** The container in which this process runs, if it runs in one that has a network of its own. */
async function findSelf(docker: Docker): Promise<Docker.Container | undefined> {
  const self = docker.getContainer(hostname());
  try {
    const { NetworkSettings } = await self.inspect();
    const addresses = Object.values(NetworkSettings.Networks).map(({ IPAddress }) => IPAddress);
    return (await someIsOwn(addresses)) ? self : undefined;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** Connects a container to the networks on which it is not yet. */
export async function attach({
  docker,
  container,
  networks,
}: {
  docker: Docker;
  container: Docker.Container;
  networks: string[];
}): Promise<void> {
  const { NetworkSettings } = await container.inspect();
  for (const name of networks.filter((network) => !(network in NetworkSettings.Networks))) {
    await docker.getNetwork(name).connect({ Container: container.id });
  }
}

/** Whether this host has an address on the network: then it routes to the containers there. */
async function routesTo({ docker, network }: { docker: Docker; network: string }): Promise<boolean> {
  const { IPAM, Containers = {} } = (await docker.getNetwork(network).inspect()) as NetworkInspectInfo;
  const gateways = (IPAM?.Config ?? []).map((config) => config['Gateway']);
  const members = Object.values(Containers).map(({ IPv4Address }) => IPv4Address.split('/')[0]);
  return someIsOwn([...gateways, ...members]);
}

/** Binding tells: the list of interfaces leaves out a bridge on which no container runs. */
async function someIsOwn(addresses: (string | undefined)[]): Promise<boolean> {
  for (const address of addresses.filter(Boolean)) {
    const server = createServer();
    try {
      await once(server.listen(0, address), 'listening');
      return true;
    } catch {
      // Not an address of this host.
    } finally {
      server.close();
    }
  }
  return false;
}
