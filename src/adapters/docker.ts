// The adapter for a Docker Engine: one instance is one container, and the engine's labels hold all state.

import type Docker from 'dockerode';
import type { ContainerInspectInfo } from 'dockerode';
import { AdapterError, type Adapter } from './adapter.ts';
import { adoptContainer } from './docker/adopt.ts';
import { toInstance } from './docker/container.ts';
import { openEngine, type TimeLimits } from './docker/engine.ts';
import { attempt, isMissing } from './docker/errors.ts';
import { OWNER_LABEL, ownedBy } from './docker/labels.ts';
import { createFirewall } from './docker/firewall.ts';
import { exitMessageOf } from './docker/exit-message.ts';
import { openNetworks, removeNetworks } from './docker/networks.ts';
import { createPulls, type Credentials } from './docker/pull.ts';
import { runCommand } from './docker/run.ts';
import { startContainer } from './docker/start.ts';
import { removeContainer, stopContainer } from './docker/stop.ts';
import { cpuTime } from './docker/usage.ts';
import { watchContainers } from './docker/watch.ts';
import { type Log, silentLog } from '../lib/log.ts';

export interface DockerOptions {
  /** Adapters of one owner share their instances; those of different owners on one engine do not see each other's. */
  owner: string;
  /** Every instance is on all of them; addresses are those on the first. */
  networks: [string, ...string[]];
  /**
   * How instances are reached: at their address, at a port published on loopback, or whichever of the two works here.
   */
  reach?: 'auto' | 'address' | 'published';
  /** Whether instances reach anything beyond this host. */
  egress?: 'allow' | 'deny';
  /** The largest file that an instance may write, in MB. */
  maxFile?: number | undefined;
  /** Told what an operator should know. */
  log?: Log;
  /** For pulling images. */
  credentials?: Credentials | undefined;
  /** How long pulling one image may take. */
  pullTimeoutMs?: number;
  /** How long the engine may take for any other answer. */
  timeLimits?: TimeLimits | undefined;
}

/** Opens the engine that DOCKER_HOST names, or the one at the usual socket. Throws `AdapterError` `unavailable`. */
export async function openDockerAdapter({
  owner,
  networks,
  reach = 'auto',
  egress = 'allow',
  maxFile,
  log = silentLog,
  credentials,
  pullTimeoutMs = 600_000,
  timeLimits,
}: DockerOptions): Promise<Adapter> {
  // The client reads DOCKER_HOST itself, and throws what it cannot read.
  const docker = await attempt('find Docker', async () => openEngine(timeLimits));
  const closing = new AbortController();
  const [network] = networks;
  const measured = new Map<string, { cpu: number; at: number }>();
  const pull = createPulls({ docker, credentials, timeoutMs: pullTimeoutMs, signal: closing.signal });

  const surroundings = { docker, owner, networks, egress, firewall: createFirewall({ log, signal: closing.signal }) };
  const { isolated, reachable } = await attempt('open Docker', () => openNetworks(surroundings));
  const published = reach === 'published' || (reach === 'auto' && !reachable);
  if (published && egress === 'deny') {
    throw new AdapterError({
      code: 'failed',
      message:
        'Without a way out, instances have no published ports either: to deny egress, reach them at their ' +
        'addresses, from the host of the engine.',
    });
  }
  if (!isolated) log.warn({ networks }, APART_ON_HOST_ONLY);

  async function find(name: string): Promise<{ container: Docker.Container; info: ContainerInspectInfo } | undefined> {
    try {
      const info = await docker.getContainer(name).inspect();
      // The engine also takes the beginning of an identifier for a name.
      const ours = info.Name === `/${name}` && info.Config.Labels[OWNER_LABEL] === owner;
      return ours ? { container: docker.getContainer(info.Id), info } : undefined;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  }

  async function findAll(options: { all: boolean }): Promise<ContainerInspectInfo[]> {
    const listed = await docker.listContainers({ ...options, filters: ownedBy(owner) });
    const inspected = await Promise.all(
      listed.map(({ Id }) => docker.getContainer(Id).inspect().catch(undefinedIfMissing)),
    );
    return inspected.filter((info) => info !== undefined);
  }

  async function percentOfCore(container: ContainerInspectInfo): Promise<number> {
    const cpu = await cpuTime({ docker, container });
    const at = Date.now();
    const before = measured.get(container.Id) ?? { cpu: 0, at: Date.parse(container.State.StartedAt) };
    measured.set(container.Id, { cpu, at });
    return Math.max(0, (cpu - before.cpu) / 10_000 / Math.max(1, at - before.at));
  }

  return {
    start: (spec) =>
      attempt(`start ${spec.name}`, async () =>
        toInstance({
          container: await startContainer({ ...surroundings, spec, isolated, published, maxFile }),
          network,
        }),
      ),

    list: () =>
      attempt('list instances', async () =>
        (await findAll({ all: true })).map((container) => toInstance({ container, network })),
      ),

    inspect: ({ name }) =>
      attempt(`inspect ${name}`, async () => {
        const found = await find(name);
        if (!found) return undefined;
        const instance = toInstance({ container: found.info, network });
        if (!instance.exit) return instance;
        const message = await exitMessageOf({ docker, container: found.container });
        return { ...instance, exit: { ...instance.exit, ...(message !== undefined && { message }) } };
      }),

    run: async ({ name, signal, ...command }) => {
      try {
        return await attempt(`run a command in ${name}`, async () => {
          const { container } = (await find(name)) ?? notFound(name);
          return runCommand({ docker, container, signal, ...command });
        });
      } catch (error) {
        throw signal.aborted ? signal.reason : error;
      }
    },

    adopt: ({ name, ...wanted }) =>
      attempt(`turn ${name} into ${wanted.as}`, async () =>
        adoptContainer({ ...((await find(name)) ?? notFound(name)), ...wanted }),
      ),

    stop: ({ name, graceMs }) =>
      attempt(`stop ${name}`, async () => {
        const found = await find(name);
        if (found) await stopContainer({ container: found.container, graceMs });
      }),

    watch: ({ signal, ...told }) =>
      attempt('watch instances', () =>
        watchContainers({ docker, owner, network, signal: AbortSignal.any([signal, closing.signal]), ...told }),
      ),

    usage: () =>
      attempt('measure instances', async () => {
        const running = await findAll({ all: false });
        const entries = await Promise.all(
          running.map(async (info) => [info.Name.slice(1), await percentOfCore(info)] as const),
        );
        const ids = new Set(running.map(({ Id }) => Id));
        for (const id of measured.keys()) if (!ids.has(id)) measured.delete(id);
        return new Map(entries);
      }),

    pull: ({ image }) => attempt(`pull ${image}`, () => pull({ image })),

    ping: () => attempt('reach Docker', async () => void (await docker.ping())),

    [Symbol.asyncDispose]: async () => closing.abort(),
  };
}

const APART_ON_HOST_ONLY =
  'The executor runs in a container on the network of its functions, which can therefore reach it and ' +
  'each other. Run it with --network host to keep them apart; see "Isolation" in docs/operations.md.';

/** Removes all of an owner's instances, and those networks of its making on which nobody else is. */
export async function purgeDocker({ owner }: { owner: string }): Promise<void> {
  const docker = openEngine();
  await attempt('remove what is left', async () => {
    const containers = await docker.listContainers({ all: true, filters: ownedBy(owner) });
    await Promise.all(containers.map(({ Id }) => removeContainer(docker.getContainer(Id))));
    await removeNetworks({ docker, owner });
  });
}

function notFound(name: string): never {
  throw new AdapterError({ code: 'not_found', message: `There is no instance ${name}.` });
}

function undefinedIfMissing(error: unknown): undefined {
  if (!isMissing(error)) throw error;
}
