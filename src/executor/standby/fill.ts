// Starts a standby and takes it to where it waits at its gate.

import { closeSync } from 'node:fs';
import path from 'node:path';
import { randomBytes } from 'node:crypto';
import type { Adapter, Address } from '../../adapters/adapter.ts';
import * as variable from '../../contract/environment.ts';
import { STANDBY_GATE } from '../../contract/paths.ts';
import { isBound } from '../../lib/ports.ts';
import { LABELS } from '../runtimes/identity.ts';
import type { ExecutorSettings } from '../settings.ts';
import { makeWorkFolder, removeWorkFolder } from '../files/work-folder.ts';
import { reachGate } from './gate.ts';
import { type Shape, STANDBY_COMMAND } from './shape.ts';

const PROBE_MS = 1_000;

export interface Standby {
  readonly shape: Shape;
  readonly name: string;
  readonly hostname: string;
  /** Its work folder. */
  readonly root: string;
  readonly address: Address;
  /** Whether its port is bound, so that requests may be sent as soon as its gate is open. */
  readonly listens: boolean;
  /** The descriptor that opens its gate. It ends by itself when this is closed, so that none outlives its executor. */
  readonly gate: number;
}

export interface Fill {
  adapter: Adapter;
  settings: ExecutorSettings;
  shape: Shape;
  /** By which its end is known. */
  name: string;
  signal: AbortSignal;
}

/** Throws what kept it from its gate, the signal's reason included; nothing of it is left then. */
export async function fillStandby({ adapter, settings, shape, name, signal }: Fill): Promise<Standby> {
  const root = path.join(settings.workFolder, name);
  const hostname = randomBytes(16).toString('hex');
  try {
    const folder = await makeWorkFolder({ root, extra: ['standby'] });
    const { address } = await adapter.start({
      name,
      image: shape.image,
      hostname,
      command: ['bash', '-c', STANDBY_COMMAND],
      environment: {
        [variable.STANDBY]: shape.mode,
        [variable.HOSTNAME]: hostname,
        [variable.CPUS]: String(shape.cpus),
        [variable.MEMORY]: String(shape.memory),
        CI: 'true',
      },
      labels: { [LABELS.created]: String(Date.now()), [LABELS.version]: shape.version, [LABELS.purpose]: 'standby' },
      mounts: folder.mounts,
      cpus: shape.cpus,
      memory: shape.memory,
      restartPolicy: 'no',
    });
    if (!address) throw new Error('It has ended at once.');
    const within = AbortSignal.any([signal, AbortSignal.timeout(settings.startTimeoutMs)]);
    const gate = await reachGate({ file: path.join(folder.at('standby'), STANDBY_GATE), signal: within });
    const listens = shape.mode === 'warm' && !address.proxied && (await isBound({ ...address, limitMs: PROBE_MS }));
    return { shape, name, hostname, root, address, gate, listens };
  } catch (error) {
    await removeRemains({ adapter, name, root });
    throw error;
  }
}

/** For a standby that nobody wants any more. */
export async function discardStandby({ adapter, standby }: { adapter: Adapter; standby: Standby }): Promise<void> {
  // It would end by itself when its gate is closed; an engine that is taking down a container just then may forget to
  // free its address.
  try {
    await removeRemains({ adapter, ...standby });
  } finally {
    closeSync(standby.gate);
  }
}

async function removeRemains({ adapter, name, root }: { adapter: Adapter; name: string; root: string }): Promise<void> {
  await adapter.stop({ name, graceMs: 0 });
  await removeWorkFolder({ root });
}
