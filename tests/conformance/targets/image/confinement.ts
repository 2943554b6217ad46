// How containers of an image under examination are confined: as an executor would.

import type Docker from 'dockerode';
import {
  BUILD_FOLDER,
  FUNCTION_FOLDER,
  RUNTIME_GID,
  RUNTIME_UID,
  SERVER_FOLDER,
} from '../../../../src/contract/paths.ts';
import type { RunOptions } from '../target.ts';

export const RUNTIME_USER = `${RUNTIME_UID}:${RUNTIME_GID}`;
export const LABEL = 'open-runtimes';

const SCRATCH = `rw,exec,nosuid,nodev,mode=0755,uid=${RUNTIME_UID},gid=${RUNTIME_GID}`;
const MIB = 1024 * 1024;

/**
 * The engine's description of a container. `publish`: whether port 3000 is reached on loopback. `network`: the engine's
 * word for one that is not its own on the default bridge.
 */
export function toContainer({
  image,
  options,
  publish,
  network,
}: {
  image: string;
  options: RunOptions;
  publish: boolean;
  network?: string | undefined;
}): Docker.ContainerCreateOptions {
  const { command, environment = {}, mounts = {}, user = RUNTIME_USER, label = 'conformance' } = options;
  const asRoot = user === 'root';
  return {
    Image: image,
    Cmd: [...command],
    User: user,
    WorkingDir: SERVER_FOLDER,
    Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    Labels: { [LABEL]: label },
    ...(publish && network === undefined ? { ExposedPorts: { '3000/tcp': {} } } : {}),
    HostConfig: {
      ReadonlyRootfs: true,
      Tmpfs: scratchFolders(mounts),
      // What existing executors leave to a container that starts as root; any other has none.
      CapDrop: ['ALL'],
      ...(asRoot ? { CapAdd: ['CHOWN', 'SETUID', 'SETGID', 'SETPCAP', 'DAC_OVERRIDE', 'FOWNER', 'KILL'] } : {}),
      SecurityOpt: ['no-new-privileges'],
      Memory: 1024 * MIB,
      PidsLimit: 1024,
      Binds: Object.entries(mounts).map(([target, source]) => `${source}:${target}`),
      ...(network !== undefined && { NetworkMode: network }),
      ...(publish && network === undefined
        ? { PortBindings: { '3000/tcp': [{ HostIp: '127.0.0.1', HostPort: '' }] } }
        : {}),
    },
  };
}

function scratchFolders(mounts: Readonly<Record<string, string>>): Record<string, string> {
  const folders = ['/tmp', BUILD_FOLDER, FUNCTION_FOLDER, '/usr/local/cache', '/mnt/logs', '/mnt/telemetry'];
  return Object.fromEntries(
    folders.filter((folder) => mounts[folder] === undefined).map((folder) => [folder, SCRATCH]),
  );
}
