// Finds the runtimes that an earlier executor of this name has left, takes on those that serve and removes the rest.

import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Instance } from '../../adapters/adapter.ts';
import type { Executor } from '../executor.ts';
import { deriveSecret, idOfName, LABELS } from '../runtimes/identity.ts';
import { createRuntime, transition } from '../runtimes/state.ts';
import { isStandbyName } from '../standby/name.ts';
import { removeWorkFolder } from '../files/work-folder.ts';

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
  const ours = (name: string) =>
    idOfName({ executor: settings.name, name }) !== undefined || isStandbyName({ executorName: settings.name, name });
  const orphans = folders.filter((name) => ours(name) && !kept.has(name));
  await Promise.all(orphans.map((name) => removeWorkFolder({ root: path.join(settings.workFolder, name) })));
  if (kept.size > 0) log.info({ runtimes: kept.size }, 'took on the runtimes of an earlier executor');
}

/**
 * Builds belong to a request that is gone, and so do standbys without a name of their own; what does not run has
 * nothing to serve.
 */
// Labels are of the time before a standby became a runtime: then its name tells which one it is, if any.
function takeOn({ executor, instance }: { executor: Executor; instance: Instance }): boolean {
  const { settings, registry, places, admission } = executor;
  const { [LABELS.created]: created, [LABELS.version]: version, [LABELS.purpose]: purpose } = instance.labels;
  const { name, hostname, image, address } = instance;
  const id = purpose === 'standby' ? idOfName({ executor: settings.name, name }) : instance.labels[LABELS.id];
  if (instance.state !== 'running' || purpose === 'build') return false;
  if (id === undefined || created === undefined || version === undefined) return false;
  const runtime = createRuntime({
    id,
    name,
    image,
    version,
    created: Number(created),
    spec: undefined,
    concurrency: Number(instance.labels[LABELS.concurrency] ?? 0),
    instance: { hostname, address, secret: deriveSecret({ secret: settings.secret, name, hostname }) },
    started: Promise.resolve(),
  });
  transition(runtime, { type: 'started' });
  registry.add(runtime, { replica: true });
  places.set(runtime, admission.capacity.occupy());
  return true;
}
