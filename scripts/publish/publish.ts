// Publishes images so that either all of their names change in the registry, or none.
//
// Registries know no transactions: names change one after another, and for as long as that takes some are new and some
// are old. What can be promised is this. Nothing is pushed before all is known to be there, current and allowed. When a
// push fails, the names that had changed get their former manifests back, and names that did not exist before are
// removed where the registry allows it. Whatever could not be undone is listed. A second run, after the cause is gone,
// completes the work.

import type Docker from 'dockerode';
import { findCurrent, sourceHash, tagsOf } from '../build/image.ts';
import { type Target, targetName } from '../build/select.ts';
import { explain } from '../console/main.ts';
import type { Steps } from '../console/steps.ts';
import { push, splitName } from './push.ts';
import type { Reference, Registry, StoredManifest } from './registry.ts';

export interface PublishRequest {
  docker: Docker;
  registry: Registry;
  targets: Target[];
  steps: Steps;
  dryRun: boolean;
}

interface Change {
  name: string;
  /** What the name meant before. */
  former: StoredManifest | undefined;
}

/** Returns the names that were pushed, or with `dryRun` would be. */
export async function publish({ docker, registry, targets, steps, dryRun }: PublishRequest): Promise<string[]> {
  await steps.run('Images are current', async () => {
    await demandCurrent({ docker, targets });
    return { value: undefined, note: `${targets.length}` };
  });
  await steps.run(`Registry ${registry.host}`, async () => {
    await registry.check();
    return { value: undefined, note: 'answers' };
  });
  const names = targets.flatMap(tagsOf);
  if (!dryRun) await pushAll({ docker, registry, names, steps });
  return names;
}

async function demandCurrent({ docker, targets }: { docker: Docker; targets: Target[] }): Promise<void> {
  const stale: string[] = [];
  for (const target of targets) {
    const hash = await sourceHash({ docker, target });
    if (!hash || !(await findCurrent({ docker, target, hash }))) stale.push(targetName(target));
  }
  if (stale.length > 0)
    throw new Error(
      `Nothing was pushed: not built from the present sources: ${stale.join(' ')}. Run "npm run build" first.`,
    );
}

async function pushAll({
  docker,
  registry,
  names,
  steps,
}: {
  docker: Docker;
  registry: Registry;
  names: string[];
  steps: Steps;
}): Promise<void> {
  const changed: Change[] = [];
  for (const name of names) {
    try {
      const former = await registry.read(referenceOf(name));
      // A push that fails may have changed the name all the same, so it counts as changed from here on.
      changed.push({ name, former });
      await steps.run(`Push ${name}`, async (say) => ({
        value: await push({ docker, registry, name, say }),
        note: former ? 'replaced' : 'new',
      }));
    } catch (cause) {
      throw new Error(await undo({ registry, changed, failed: name }), { cause });
    }
  }
}

/** Gives every changed name its former meaning, and says in words what came of it. */
async function undo({
  registry,
  changed,
  failed,
}: {
  registry: Registry;
  changed: Change[];
  failed: string;
}): Promise<string> {
  const left: string[] = [];
  for (const { name, former } of changed.toReversed()) {
    const undone = await restore({ registry, name, former }).catch((error: unknown) => explain(error));
    if (undone !== true) left.push(`${name}${typeof undone === 'string' ? ` (${undone})` : ''}`);
  }
  const undone =
    left.length === 0
      ? 'Everything pushed before it was undone.'
      : `These names could not be undone: ${left.join(', ')}.`;
  return `${failed} could not be pushed. ${undone}`;
}

async function restore({ registry, name, former }: Change & { registry: Registry }): Promise<boolean> {
  const to = referenceOf(name);
  const present = await registry.read(to);
  if (present?.digest === former?.digest) return true;
  if (former) return registry.write({ to, manifest: former }).then(() => true);
  if (await registry.remove(to)) return true;
  // Many registries remove by digest only, and with it every name of that digest.
  const digest = present?.digest ?? '';
  return (await isOnlyName({ registry, name: to, digest })) && registry.remove({ ...to, reference: digest });
}

async function isOnlyName({
  registry,
  name,
  digest,
}: {
  registry: Registry;
  name: Reference;
  digest: string;
}): Promise<boolean> {
  const others = (await registry.tags(name.repository)).filter((tag) => tag !== name.reference);
  const manifests = await Promise.all(others.map((reference) => registry.read({ ...name, reference })));
  return manifests.every((manifest) => manifest?.digest !== digest);
}

function referenceOf(name: string): Reference {
  const { repository, tag } = splitName(name);
  return { repository, reference: tag };
}
