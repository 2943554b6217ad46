// Gives a running container another name, and other limits where they differ.

import type Docker from 'dockerode';
import type { ContainerInspectInfo } from 'dockerode';
import type { InstanceSpec } from '../adapter.ts';
import { toLimits } from './container.ts';

type Adoption = { container: Docker.Container; info: ContainerInspectInfo; as: string } & Pick<
  InstanceSpec,
  'cpus' | 'memory'
>;

export async function adoptContainer({ container, info, as, cpus, memory }: Adoption): Promise<void> {
  const limits = toLimits({ cpus, memory });
  if (limits.Memory !== info.HostConfig.Memory || limits.CpuQuota !== info.HostConfig.CpuQuota)
    await container.update(limits);
  await container.rename({ name: as });
}
