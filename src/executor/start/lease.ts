// Makes a waiting standby the runtime that a caller needs: its folder, the artifact in it, the environment through its
// gate.

import { closeSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Executor, folderOf } from '../executor.ts';
import { moveWorkFolder } from '../files/work-folder.ts';
import { deriveSecret } from '../runtimes/identity.ts';
import type { Runtime, RuntimeSpec } from '../runtimes/runtime.ts';
import { transition } from '../runtimes/state.ts';
import type { Standby } from '../standby/fill.ts';
import { passGate } from '../standby/gate.ts';
import { discardRuntime } from '../stop/remove.ts';
import { environmentOf } from './environment.ts';

// Until then the call has the processors, which the orchestrator would use as well; nobody else needs the name so soon.
const ADOPT_AFTER_MS = 50;

interface Lease {
  executor: Executor;
  runtime: Runtime;
  spec: RuntimeSpec;
  standby: Standby;
  signal: AbortSignal;
}

/**
 * Returns false if the standby has just ended, and nothing of it is this runtime's then. Throws what kept the artifact
 * away.
 */
export async function leaseStandby({ executor, runtime, spec, standby, signal }: Lease): Promise<boolean> {
  const root = folderOf(executor, runtime);
  const planned = runtime.state.instance;
  const { name, hostname, address } = standby;
  const secret = deriveSecret({ secret: executor.settings.secret, name: runtime.name, hostname });
  // From here on, whoever removes the runtime removes this instance.
  transition(runtime, { type: 'placed', instance: { name, hostname, secret, address } });
  try {
    await moveWorkFolder({ from: standby.root, to: root });
    const file = path.join(root, 'builds', artifactName(spec.source));
    await executor.storage.download({ key: spec.source, file, signal });
  } catch (error) {
    await executor.adapter.stop({ name, graceMs: 0 }).finally(() => closeSync(standby.gate));
    throw error;
  }
  try {
    await passGate({ gate: standby.gate, environment: environmentOf({ runtime, spec }) });
  } catch (error) {
    executor.log.info({ runtime: runtime.id, error }, 'a standby had ended before it was needed');
    await executor.adapter.stop({ name, graceMs: 0 });
    transition(runtime, { type: 'placed', instance: planned });
    return false;
  }
  const adopted = adopt({ executor, runtime, spec, name });
  transition(runtime, { type: 'placed', instance: { listening: standby.listens, adopted } });
  return true;
}

/** Starts look for it under these names; its format is told by what is in it. */
function artifactName(source: string): string {
  return ['.tar', '.sqfs'].includes(path.extname(source)) ? `code${path.extname(source)}` : 'code.tar.gz';
}

/** Goes on beside the call. Whoever needs the orchestrator waits for it. */
function adopt({
  executor,
  runtime,
  spec: { cpus, memory },
  name,
}: Pick<Lease, 'executor' | 'runtime' | 'spec'> & { name: string }): Promise<void> {
  const adopted = (async () => {
    await pause(ADOPT_AFTER_MS);
    await executor.adapter.adopt?.({ name, as: runtime.name, cpus, memory });
    transition(runtime, { type: 'placed', instance: { name: runtime.name } });
  })();
  adopted.catch(async (error: unknown) => {
    // One that has just ended is told of by its exit.
    if (runtime.ended.aborted) return;
    executor.log.error({ runtime: runtime.id, error }, 'a standby could not be given its name and limits');
    await discardRuntime({ executor, runtime, reason: 'it could not be given its name and limits' });
  });
  return adopted;
}
