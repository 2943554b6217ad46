// Measures the CPU time that containers used: from the kernel's files where they can be read, which costs nothing, else
// from the engine, which takes a second to answer.

import { readFile } from 'node:fs/promises';
import type Docker from 'dockerode';
import type { ContainerInspectInfo } from 'dockerode';

/** Nanoseconds of CPU time since the container started. */
export async function cpuTime({
  docker,
  container,
}: {
  docker: Docker;
  container: ContainerInspectInfo;
}): Promise<number> {
  return (await fromCgroup(container)) ?? (await fromEngine({ docker, id: container.Id }));
}

async function fromCgroup({ Id, State }: ContainerInspectInfo): Promise<number | undefined> {
  try {
    const groups = (await readFile(`/proc/${State.Pid}/cgroup`, 'utf8')).split('\n').map((line) => line.split(':'));
    for (const [, controllers = '', path = ''] of groups) {
      // The number of a process means something else when the engine is elsewhere or this process is itself in a
      // container.
      if (!path.includes(Id)) continue;
      if (controllers.split(',').includes('cpuacct'))
        return Number(await readFile(`/sys/fs/cgroup/${controllers}${path}/cpuacct.usage`, 'utf8'));
      if (controllers === '') {
        const used = /^usage_usec (\d+)/m.exec(await readFile(`/sys/fs/cgroup${path}/cpu.stat`, 'utf8'))?.[1];
        if (used !== undefined) return Number(used) * 1000;
      }
    }
  } catch {
    // No such files here, or the container has just ended.
  }
  return undefined;
}

async function fromEngine({ docker, id }: { docker: Docker; id: string }): Promise<number> {
  const stats = await docker.getContainer(id).stats({ stream: false, 'one-shot': true });
  return stats.cpu_stats.cpu_usage.total_usage;
}
