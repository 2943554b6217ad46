// What a container is: made from an instance's spec, read back as an instance.

import type { ContainerCreateOptions, ContainerInspectInfo } from 'dockerode';
import { RUNTIME_GID, RUNTIME_PORT, RUNTIME_UID } from '../../contract/paths.ts';
import type { Address, Instance, InstanceExit, InstanceSpec } from '../adapter.ts';
import { MAX_OPEN_FILES, MAX_PROCESSES, scratchFolders } from '../confinement.ts';
import { OWNER_LABEL } from './labels.ts';

const PORT = `${RUNTIME_PORT}/tcp`;
const MIB = 1024 * 1024;
const CPU_PERIOD_US = 100_000;
const ULIMITS = [
  { Name: 'nofile', Soft: MAX_OPEN_FILES, Hard: MAX_OPEN_FILES },
  { Name: 'core', Soft: 0, Hard: 0 },
];
const IDLE = ['sleep', 'infinity'];

/** The engine's description of an instance to be. */
export function toContainer({
  spec,
  owner,
  network,
  published,
  maxFile,
}: {
  spec: InstanceSpec;
  owner: string;
  network: string;
  published: boolean;
  /** MB. */
  maxFile?: number | undefined;
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
      Ulimits: [
        ...ULIMITS,
        ...(maxFile === undefined ? [] : [{ Name: 'fsize', Soft: maxFile * MIB, Hard: maxFile * MIB }]),
      ],
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
    ...toLimits({ cpus, memory }),
    PidsLimit: MAX_PROCESSES,
    // Short of memory, the host's kernel ends functions before anything else.
    OomScoreAdj: 500,
    LogConfig: { Type: 'json-file', Config: { 'max-size': '1m', 'max-file': '1' } },
  };
}

/** The engine's limits for what a spec says of cores and memory. */
export function toLimits({ cpus, memory }: Pick<InstanceSpec, 'cpus' | 'memory'>) {
  const bytes = Math.round(memory * MIB);
  // A quota, unlike the engine's own unit of cores, may exceed those of the host.
  return { Memory: bytes, MemorySwap: bytes, CpuPeriod: CPU_PERIOD_US, CpuQuota: Math.round(cpus * CPU_PERIOD_US) };
}

/** The instance that a container is. */
export function toInstance({ container, network }: { container: ContainerInspectInfo; network: string }): Instance {
  const { Status: status } = container.State;
  const state =
    status === 'created' || status === 'restarting'
      ? 'starting'
      : status === 'running' || status === 'paused'
        ? 'running'
        : 'exited';
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

function addressOf({ container, network }: { container: ContainerInspectInfo; network: string }): Address | undefined {
  const published = container.NetworkSettings.Ports[PORT]?.[0];
  // The engine's own proxy listens there from the container's start.
  if (published) return { host: published.HostIp, port: Number(published.HostPort), proxied: true };
  const host = container.NetworkSettings.Networks[network]?.IPAddress;
  return host ? { host, port: RUNTIME_PORT } : undefined;
}
