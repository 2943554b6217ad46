// Makes a waiting standby the runtime that a caller needs: its folder, the artifact in it, the environment through its
// gate.

import { closeSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { CreateRequest } from '../build/create.ts';
import { environmentOf } from './environment.ts';
import { type Executor, folderOf } from '../executor.ts';
import { removeRuntime } from '../stop/remove.ts';
import { beInstance, type Runtime } from '../runtimes/runtime.ts';
import { moveWorkFolder } from '../files/work-folder.ts';
import type { Standby } from '../standby/fill.ts';
import { passGate } from '../standby/gate.ts';

// Until then the call has the processors, which the orchestrator would use as well; nobody else needs the name so soon.
const ADOPT_AFTER_MS = 50;

export interface Claim {
  executor: Executor;
  runtime: Runtime;
  request: CreateRequest;
  standby: Standby;
  signal: AbortSignal;
}

/**
 * Returns false if the standby has just ended, and nothing of it is this runtime's then. Throws what kept the artifact
 * away.
 */
export async function claimStandby({ executor, runtime, request, standby, signal }: Claim): Promise<boolean> {
  const root = folderOf(executor, runtime);
  // From here on, whoever removes the runtime removes this instance.
  beInstance({ runtime, secret: executor.settings.secret, ...standby, instance: standby.name });
  try {
    await moveWorkFolder({ from: standby.root, to: root });
    await executor.storage.download({
      key: request.source,
      file: path.join(root, 'builds', artifactName(request.source)),
      signal,
    });
  } catch (error) {
    await executor.adapter.stop({ name: standby.name, graceMs: 0 }).finally(() => closeSync(standby.gate));
    throw error;
  }
  try {
    await passGate({ gate: standby.gate, environment: environmentOf({ runtime, request }) });
  } catch (error) {
    executor.log.info({ runtime: runtime.id, error }, 'a standby had ended before it was needed');
    await executor.adapter.stop({ name: standby.name, graceMs: 0 });
    runtime.instance = runtime.name;
    return false;
  }
  runtime.listening = standby.listens;
  adopt({ executor, runtime, request });
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
  request: { cpus, memory },
}: Pick<Claim, 'executor' | 'runtime' | 'request'>): void {
  runtime.adopted = (async () => {
    await pause(ADOPT_AFTER_MS);
    await executor.adapter.adopt?.({ name: runtime.instance, as: runtime.name, cpus, memory });
    runtime.instance = runtime.name;
  })();
  runtime.adopted.catch(async (error: unknown) => {
    // One that has just ended is told of by its exit.
    if (runtime.ended.signal.aborted) return;
    executor.log.error({ runtime: runtime.id, error }, 'a standby could not be given its name and limits');
    await removeRuntime({ executor, runtime, reason: 'it could not be given its name and limits' }).catch(() => {});
  });
}
