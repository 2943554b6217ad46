// What a container is: made from an instance's spec, read back as an instance.

import type { ContainerCreateOptions, ContainerInspectInfo } from 'dockerode';
import { RUNTIME_GID, RUNTIME_PORT, RUNTIME_UID } from '../../contract/paths.ts';
import type { Instance, InstanceExit, InstanceSpec } from '../adapter.ts';
import { MAX_OPEN_FILES, MAX_PROCESSES, scratchFolders } from '../confinement.ts';
import { OWNER_LABEL } from './labels.ts';

const PORT = `${RUNTIME_PORT}/tcp`;
const MIB = 1024 * 1024;
const CPU_PERIOD_US = 100_000;
const IDLE = ['sleep', 'infinity'];

/** The engine's description of an instance to be. */
export function toContainer({
  spec,
  owner,
  network,
  published,
}: {
  spec: InstanceSpec;
  owner: string;
  network: string;
  published: boolean;
}): ContainerCreateOptions {
  return {
    name: spec.name,
    Image: spec.image,
    Entrypoint: spec.command.length > 0 ? spec.command : IDLE,
    Cmd: [],
    Hostname: spec.hostname,
    Env: Object.entries(spec.environment).map(([name, value]) => `${name}=${value}`),
    Labels: { ...spec.labels, [OWNER_LABEL]: owner },
    User: `${RUNTIME_UID}:${RUNTIME_GID}`,
    StopSignal: 'SIGTERM',
    ...(published ? { ExposedPorts: { [PORT]: {} } } : {}),
    HostConfig: {
      ...confinement(spec),
      // An init as process 1 passes signals on and reaps what commands leave behind, whatever the image starts.
      Init: true,
      NetworkMode: network,
      Mounts: spec.mounts.map(({ source, target, readOnly = false }) => ({
        Type: 'bind',
        Source: source,
        Target: target,
        ReadOnly: readOnly,
      })),
      RestartPolicy: { Name: spec.restartPolicy },
      ...(published ? { PortBindings: { [PORT]: [{ HostIp: '127.0.0.1', HostPort: '' }] } } : {}),
    },
  };
}

function confinement({ mounts, cpus, memory }: InstanceSpec): NonNullable<ContainerCreateOptions['HostConfig']> {
  return {
    ReadonlyRootfs: true,
    Tmpfs: scratchFolders({ mounts, memory }),
    CapDrop: ['ALL'],
    SecurityOpt: ['no-new-privileges'],
    Privileged: false,
    IpcMode: 'private',
    Memory: Math.round(memory * MIB),
    MemorySwap: Math.round(memory * MIB),
    // A quota, unlike the engine's own unit, may exceed the host's cores.
    CpuPeriod: CPU_PERIOD_US,
    CpuQuota: Math.round(cpus * CPU_PERIOD_US),
    PidsLimit: MAX_PROCESSES,
    Ulimits: [
      { Name: 'nofile', Soft: MAX_OPEN_FILES, Hard: MAX_OPEN_FILES },
      { Name: 'core', Soft: 0, Hard: 0 },
    ],
    // Short of memory, the host's kernel ends functions before anything else.
    OomScoreAdj: 500,
    LogConfig: { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '1' } },
  };
}

/** The instance that a container is. */
export function toInstance({ container, network }: { container: ContainerInspectInfo; network: string }): Instance {
  const { Status: status } = container.State;
  const state = status === 'created' || status === 'restarting' ? 'starting' : status === 'running' || status === 'paused' ? 'running' : 'exited';
  const address = state === 'running' ? addressOf({ container, network }) : undefined;
  return {
    name: container.Name.slice(1),
    image: container.Config.Image,
    hostname: container.Config.Hostname,
    labels: container.Config.Labels,
    state,
    ...(address ? { address } : {}),
    ...(state === 'exited' ? { exit: exitOf(container) } : {}),
  };
}

export function exitOf({ State }: ContainerInspectInfo): InstanceExit {
  return toExit({ code: State.ExitCode, memoryExhausted: State.OOMKilled });
}

/** The engine remembers any process that met the limit; the instance ended of it only if it was killed. */
export function toExit({ code, memoryExhausted }: { code: number; memoryExhausted: boolean }): InstanceExit {
  return { code, outOfMemory: memoryExhausted && code === 137 };
}

function addressOf({ container, network }: { container: ContainerInspectInfo; network: string }): Instance['address'] {
  const published = container.NetworkSettings.Ports[PORT]?.[0];
  if (published) return { host: published.HostIp, port: Number(published.HostPort) };
  const host = container.NetworkSettings.Networks[network]?.IPAddress;
  return host ? { host, port: RUNTIME_PORT } : undefined;
}
