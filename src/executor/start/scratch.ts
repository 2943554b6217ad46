// Starts a runtime's instance from nothing: its folder first, then its source while the orchestrator makes the
// instance.

import type { InstanceSpec } from '../../adapters/adapter.ts';
import type { Ticket } from '../admission/queue.ts';
import { type Executor, folderOf } from '../executor.ts';
import { makeWorkFolder, type OptionalFolder, type WorkFolder } from '../files/work-folder.ts';
import { LABELS } from '../runtimes/identity.ts';
import type { Runtime, RuntimeSpec } from '../runtimes/runtime.ts';
import { transition } from '../runtimes/state.ts';
import { environmentOf } from './environment.ts';
import { unlessAborted, withImage } from './image.ts';

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
  const purpose = setup?.purpose ?? 'serve';
  const place = async () => {
    const certificates = purpose === 'build' ? await findCertificates({ executor, image: spec.image, signal }) : {};
    const instanceSpec = { ...toInstanceSpec({ runtime, spec, folder, purpose, certificates }), prepared };
    const start = () => admission.startLimiter.urgent(ticket, () => adapter.start(instanceSpec));
    return withImage({ executor, image: spec.image, signal, start });
  };
  const started = place();
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

/** What lets the tools of a build trust what this host trusts. */
async function findCertificates({
  executor: { settings, imageVariables },
  image,
  signal,
}: {
  executor: Executor;
  image: string;
  signal: AbortSignal;
}): Promise<Certificates> {
  if (settings.caBundle === undefined) return {};
  const { certificates } = await unlessAborted({ action: imageVariables(image), signal });
  return { file: settings.caBundle, names: certificates };
}

interface Certificates {
  /** On this host. */
  file?: string;
  /** Of the variables that lead to it. */
  names?: string[];
}

function toInstanceSpec({
  runtime,
  spec,
  folder,
  purpose,
  certificates: { file, names = [] },
}: Pick<Scratch, 'runtime' | 'spec'> & {
  folder: WorkFolder;
  purpose: Setup['purpose'];
  certificates: Certificates;
}): InstanceSpec {
  const trusted = Object.fromEntries(names.map((name) => [name, CA_BUNDLE_IN_BUILDS]));
  return {
    name: runtime.name,
    image: spec.image,
    hostname: runtime.state.instance.hostname,
    // By its full name: an engine looks for a command in the PATH that the container is given.
    command: spec.runtimeEntrypoint === '' ? [] : ['/bin/bash', '-c', spec.runtimeEntrypoint],
    environment: { ...trusted, ...environmentOf({ runtime, spec }) },
    labels: {
      [LABELS.id]: runtime.id,
      [LABELS.created]: String(runtime.created),
      [LABELS.version]: runtime.version,
      [LABELS.purpose]: purpose,
      [LABELS.concurrency]: String(spec.concurrency),
    },
    mounts: [
      ...folder.mounts,
      ...(file === undefined ? [] : [{ source: file, target: CA_BUNDLE_IN_BUILDS, readOnly: true }]),
    ],
    cpus: spec.cpus,
    memory: spec.memory,
    restartPolicy: spec.restartPolicy,
  };
}
