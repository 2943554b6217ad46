// Starts a runtime's instance from nothing: its folder first, then its source while the orchestrator makes the
// instance.

import type { InstanceSpec } from '../../adapters/adapter.ts';
import { caEnvironment } from '../../lib/ca-bundle.ts';
import { fetchBuildCache } from '../build/build-cache.ts';
import type { CreateRequest } from '../build/create.ts';
import { environmentOf } from './environment.ts';
import { type Executor, folderOf } from '../executor.ts';
import { withImage } from './image.ts';
import type { OutputEntry } from '../build/output.ts';
import { LABELS, type Runtime } from '../runtimes/runtime.ts';
import { makeWorkFolder, type WorkFolder } from '../files/work-folder.ts';

const CA_BUNDLE_IN_BUILDS = '/etc/ssl/opr-ca-bundle.crt';

export interface Creation {
  executor: Executor;
  runtime: Runtime;
  request: CreateRequest;
  signal: AbortSignal;
}

/** Returns the folder, and what there is to say of the build cache. */
export async function startFromScratch({
  executor,
  runtime,
  request,
  signal,
}: Creation): Promise<{ folder: WorkFolder; notes: OutputEntry[] }> {
  const { cacheKey, source } = request;
  const folder = await makeWorkFolder({ root: folderOf(executor, runtime), extra: cacheKey === '' ? [] : ['cache'] });
  const fetched = Promise.all([
    fetchBuildCache({ executor, cacheKey, folder, signal }),
    fetchSource({ executor, source, folder, signal }),
  ]);
  const spec = { ...toInstanceSpec({ executor, runtime, request, folder }), prepared: fetched };
  const started = withImage({
    executor,
    image: request.image,
    signal,
    start: () => executor.starts.urgent(() => executor.adapter.start(spec)),
  });
  // Both come to their end before anything is cleared away; what could not be fetched is why there was no start.
  await Promise.allSettled([fetched, started]);
  const [notes] = await fetched;
  runtime.address = (await started).address;
  return { folder, notes };
}

/** The source lies where commands in the field look for it, whatever its format. */
async function fetchSource({
  executor,
  source,
  folder,
  signal,
}: {
  executor: Executor;
  source: string;
  folder: WorkFolder;
  signal: AbortSignal;
}): Promise<void> {
  if (source === '') return;
  const name = source.endsWith('.tar') ? 'code.tar' : 'code.tar.gz';
  await executor.storage.download({ key: source, file: `${folder.at('src')}/${name}`, signal });
}

function toInstanceSpec({
  executor: { settings },
  runtime,
  request,
  folder,
}: Omit<Creation, 'signal'> & { folder: WorkFolder }): InstanceSpec {
  const isBuild = request.command !== '';
  const caBundle = isBuild ? settings.caBundle : undefined;
  return {
    name: runtime.name,
    image: request.image,
    hostname: runtime.hostname,
    command: request.runtimeEntrypoint === '' ? [] : ['bash', '-c', request.runtimeEntrypoint],
    environment: { ...(caBundle && caEnvironment(CA_BUNDLE_IN_BUILDS)), ...environmentOf({ runtime, request }) },
    labels: {
      [LABELS.id]: runtime.id,
      [LABELS.created]: String(runtime.created),
      [LABELS.version]: runtime.version,
      [LABELS.purpose]: isBuild ? 'build' : 'serve',
      [LABELS.concurrency]: String(request.concurrency),
    },
    mounts: [
      ...folder.mounts,
      ...(caBundle ? [{ source: caBundle, target: CA_BUNDLE_IN_BUILDS, readOnly: true }] : []),
    ],
    cpus: request.cpus,
    memory: request.memory,
    restartPolicy: request.restartPolicy,
  };
}
