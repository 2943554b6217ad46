// Starts a runtime's instance from nothing: its folder first, then its source while the orchestrator makes the
// instance.

import type { InstanceSpec } from '../../adapters/adapter.ts';
import { caEnvironment } from '../../lib/ca-bundle.ts';
import type { Ticket } from '../admission/queue.ts';
import { type Executor, folderOf } from '../executor.ts';
import { makeWorkFolder, type OptionalFolder, type WorkFolder } from '../files/work-folder.ts';
import { LABELS } from '../runtimes/identity.ts';
import type { Runtime, RuntimeSpec } from '../runtimes/runtime.ts';
import { transition } from '../runtimes/state.ts';
import { environmentOf } from './environment.ts';
import { withImage } from './image.ts';

const CA_BUNDLE_IN_BUILDS = '/etc/ssl/opr-ca-bundle.crt';

/** What an instance gets beyond what all have. */
export interface Setup {
  purpose: 'serve' | 'build';
  folders: OptionalFolder[];
  /** Fills them while the instance is being made. */
  prepare(site: { folder: WorkFolder; signal: AbortSignal }): Promise<void>;
}

interface Scratch {
  executor: Executor;
  runtime: Runtime;
  spec: RuntimeSpec;
  ticket: Ticket;
  setup: Setup | undefined;
}

export async function startFromScratch({ executor, runtime, spec, ticket, setup }: Scratch): Promise<void> {
  const { adapter, admission } = executor;
  const { signal } = ticket;
  const folder = await makeWorkFolder({ root: folderOf(executor, runtime), extra: setup?.folders ?? [] });
  const prepared = Promise.all([
    setup?.prepare({ folder, signal }),
    fetchSource({ executor, source: spec.source, folder, signal }),
  ]);
  const instanceSpec = { ...toInstanceSpec({ executor, runtime, spec, folder, purpose: setup?.purpose }), prepared };
  const start = () => admission.starts.urgent(ticket, () => adapter.start(instanceSpec));
  const started = withImage({ executor, image: spec.image, signal, start });
  // Both come to their end before anything is cleared away; what could not be fetched is why there was no start.
  await Promise.allSettled([prepared, started]);
  await prepared;
  transition(runtime, { type: 'placed', instance: { address: (await started).address } });
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
  spec,
  folder,
  purpose = 'serve',
}: Pick<Scratch, 'executor' | 'runtime' | 'spec'> & {
  folder: WorkFolder;
  purpose: Setup['purpose'] | undefined;
}): InstanceSpec {
  const caBundle = purpose === 'build' ? settings.caBundle : undefined;
  return {
    name: runtime.name,
    image: spec.image,
    hostname: runtime.state.instance.hostname,
    command: spec.runtimeEntrypoint === '' ? [] : ['bash', '-c', spec.runtimeEntrypoint],
    environment: { ...(caBundle && caEnvironment(CA_BUNDLE_IN_BUILDS)), ...environmentOf({ runtime, spec }) },
    labels: {
      [LABELS.id]: runtime.id,
      [LABELS.created]: String(runtime.created),
      [LABELS.version]: runtime.version,
      [LABELS.purpose]: purpose,
      [LABELS.concurrency]: String(spec.concurrency),
    },
    mounts: [
      ...folder.mounts,
      ...(caBundle ? [{ source: caBundle, target: CA_BUNDLE_IN_BUILDS, readOnly: true }] : []),
    ],
    cpus: spec.cpus,
    memory: spec.memory,
    restartPolicy: spec.restartPolicy,
  };
}
