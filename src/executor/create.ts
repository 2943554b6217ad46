// Creates a runtime: its place, folder, source, instance; then, for a build, the command and the artifact.

import { AdapterError, type InstanceSpec } from '../adapters/adapter.ts';
import * as variable from '../contract/environment.ts';
import { caEnvironment } from '../lib/ca-bundle.ts';
import { StorageError } from '../storage/storage.ts';
import { type BuildResult, runBuild } from './build.ts';
import { fetchBuildCache, storeBuildCache } from './build-cache.ts';
import { endedError, ExecutorError } from './errors.ts';
import { type Executor, folderOf, newRuntime, using } from './executor.ts';
import type { OutputEntry } from './output.ts';
import { removeRuntime } from './remove.ts';
import { LABELS, type Runtime, type RuntimeSpec } from './runtime.ts';
import { makeWorkFolder, type WorkFolder } from './work-folder.ts';

const CA_BUNDLE_IN_BUILDS = '/etc/ssl/opr-ca-bundle.crt';

export interface CreateRequest extends RuntimeSpec {
  destination: string;
  command: string;
  cacheKey: string;
  /** Seconds that the command may take. */
  timeout: number;
  remove: boolean;
}

/** What the caller is told; the times in seconds. */
export interface Created {
  size?: number;
  path?: string;
  output: OutputEntry[];
  startTime: number;
  duration: number;
}

/** Creates a runtime. Whatever fails, nothing of it is left; the error says what failed. */
export async function createRuntime({ executor, request, signal }: { executor: Executor; request: CreateRequest; signal: AbortSignal }): Promise<Created> {
  const startTime = Date.now();
  const runtime = newRuntime({ executor, id: request.runtimeId, image: request.image, version: request.version });
  executor.registry.add(runtime);
  const work = using(runtime, () => createWhole({ executor, runtime, request, signal }));
  // For a build, the runtime is there when its command has ended.
  runtime.pending = work.then(() => undefined);
  runtime.pending.catch(() => {});
  try {
    const result = await work;
    runtime.pending = undefined;
    if (request.remove) await removeRuntime({ executor, runtime, reason: 'it was to be removed after its command' });
    return { ...result, startTime: startTime / 1000, duration: (Date.now() - startTime) / 1000 };
  } catch (error) {
    await removeRuntime({ executor, runtime, reason: 'it could not be created' });
    throw explain({ error, runtime });
  }
}

interface Creation {
  executor: Executor;
  runtime: Runtime;
  request: CreateRequest;
  signal: AbortSignal;
}

async function createWhole({ executor, runtime, request, signal }: Creation): Promise<Pick<Created, 'size' | 'path' | 'output'>> {
  executor.places.set(runtime, await executor.capacity.enter({ signal: AbortSignal.any([signal, runtime.ended.signal]) }));
  const folder = await makeWorkFolder({ root: folderOf(executor, runtime), cache: request.cacheKey !== '' });
  const notes = await fetchBuildCache({ executor, cacheKey: request.cacheKey, folder, signal });
  await fetchSource({ executor, source: request.source, folder, signal });
  const instance = await executor.adapter.start(toInstanceSpec({ executor, runtime, request, folder }));
  runtime.address = instance.address;
  if (runtime.ended.signal.aborted) throw runtime.ended.signal.reason;
  if (request.command === '') return { output: [] };
  const built: BuildResult = await runBuild({ executor, runtime, request, folder, signal });
  notes.push(...(await storeBuildCache({ executor, cacheKey: request.cacheKey, folder, signal })));
  return { ...built, output: [...notes, ...built.output].toSorted((a, b) => (a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0)) };
}

/** The source lies where commands in the field look for it, whatever its format. */
async function fetchSource({ executor, source, folder, signal }: { executor: Executor; source: string; folder: WorkFolder; signal: AbortSignal }): Promise<void> {
  if (source === '') return;
  const name = source.endsWith('.tar') ? 'code.tar' : 'code.tar.gz';
  await executor.storage.download({ key: source, file: `${folder.at('src')}/${name}`, signal });
}

function toInstanceSpec({ executor, runtime, request, folder }: Omit<Creation, 'signal'> & { folder: WorkFolder }): InstanceSpec {
  const { settings } = executor;
  const isBuild = request.command !== '';
  const caBundle = isBuild ? settings.caBundle : undefined;
  return {
    name: runtime.name,
    image: request.image,
    hostname: runtime.hostname,
    command: request.runtimeEntrypoint === '' ? [] : ['bash', '-c', request.runtimeEntrypoint],
    environment: {
      ...(caBundle && caEnvironment(CA_BUNDLE_IN_BUILDS)),
      ...request.variables,
      [variable.SECRET]: runtime.secret,
      [variable.ENTRYPOINT]: request.entrypoint,
      [variable.HOSTNAME]: runtime.hostname,
      [variable.CPUS]: String(request.cpus),
      [variable.MEMORY]: String(request.memory),
      ...(request.outputDirectory && { [variable.OUTPUT_DIRECTORY]: request.outputDirectory }),
      CI: 'true',
    },
    labels: {
      [LABELS.id]: runtime.id,
      [LABELS.created]: String(runtime.created),
      [LABELS.version]: runtime.version,
      [LABELS.purpose]: isBuild ? 'build' : 'serve',
    },
    mounts: [...folder.mounts, ...(caBundle ? [{ source: caBundle, target: CA_BUNDLE_IN_BUILDS, readOnly: true }] : [])],
    cpus: request.cpus,
    memory: request.memory,
    restartPolicy: request.restartPolicy,
  };
}

/** What callers can act on gets a type and words of its own. */
function explain({ error, runtime }: { error: unknown; runtime: Runtime }): unknown {
  if (error instanceof StorageError) {
    return new ExecutorError({ type: 'runtime_failed', message: `Runtime failed. Its source could not be fetched or its artifact not be stored: ${error.message}`, cause: error });
  }
  if (error instanceof AdapterError) return new ExecutorError({ type: 'runtime_failed', message: `Runtime failed. ${error.message}`, cause: error });
  if (error === runtime.ended.signal.reason) return endedError({ reason: error, cause: error });
  return error;
}
