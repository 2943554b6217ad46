// Finds the runtimes that an earlier executor of this name has left, takes on those that serve and removes the rest.

import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Instance } from '../adapters/adapter.ts';
import { type Executor, knownRuntime } from './executor.ts';
import { LABELS } from './runtime.ts';
import { removeWorkFolder } from './work-folder.ts';

export async function recover(executor: Executor): Promise<void> {
  const { adapter, settings, log } = executor;
  const instances = await adapter.list();
  const kept = new Set<string>();
  for (const instance of instances) {
    if (takeOn({ executor, instance })) {
      kept.add(instance.name);
      continue;
    }
    log.info({ name: instance.name, state: instance.state }, 'removing what an earlier executor did not finish');
    await adapter.stop({ name: instance.name, graceMs: 0 });
  }
  await mkdir(settings.workFolder, { recursive: true, mode: 0o711 });
  const folders = await readdir(settings.workFolder);
  const orphans = folders.filter((name) => name.startsWith(`${settings.name}-`) && !kept.has(name));
  await Promise.all(orphans.map((name) => removeWorkFolder({ root: path.join(settings.workFolder, name) })));
  if (kept.size > 0) log.info({ runtimes: kept.size }, 'took on the runtimes of an earlier executor');
}

/** Builds belong to a request that is gone; what does not run has nothing to serve. */
function takeOn({ executor, instance }: { executor: Executor; instance: Instance }): boolean {
  const { [LABELS.id]: id, [LABELS.created]: created, [LABELS.version]: version, [LABELS.purpose]: purpose } = instance.labels;
  if (instance.state !== 'running' || purpose !== 'serve' || id === undefined || created === undefined || version === undefined) return false;
  const { name, hostname, image, address } = instance;
  const runtime = knownRuntime({ executor, id, name, hostname, image, version, created: Number(created) });
  runtime.address = address;
  executor.registry.add(runtime);
  executor.places.set(runtime, executor.capacity.occupy());
  return true;
}
