// One runtime as the executor knows it, and the labels by which another executor would know it.

import { createHmac } from 'node:crypto';
import type { Address, InstanceExit } from '../../adapters/adapter.ts';
import type { CreateRequest } from '../build/create.ts';

/** What a runtime was asked to be; enough to start it again. */
export interface RuntimeSpec {
  runtimeId: string;
  image: string;
  entrypoint: string;
  source: string;
  outputDirectory: string;
  variables: Record<string, string>;
  runtimeEntrypoint: string;
  cpus: number;
  memory: number;
  version: string;
  restartPolicy: 'no' | 'always' | 'on-failure' | 'unless-stopped';
  /** Calls that one instance takes at once; 0: as many as come. */
  concurrency: number;
}

export interface Runtime {
  readonly id: string;
  readonly name: string;
  hostname: string;
  readonly image: string;
  readonly version: string;
  secret: string;
  /** Milliseconds. */
  readonly created: number;
  updated: number;
  /** Set while it is being created; everybody who needs it waits for the same promise. */
  pending: Promise<void> | undefined;
  /** Set while its server is being waited for. */
  listeningSoon: Promise<void> | undefined;
  listening: boolean;
  address: Address | undefined;
  /** What the orchestrator calls its instance: the runtime's name, but a standby's while that becomes this runtime. */
  instance: string;
  /** Set once a standby becomes this runtime; resolves when its instance has the runtime's name and limits. */
  adopted: Promise<void> | undefined;
  /** Calls that it takes at once; 0: as many as come. */
  concurrency: number;
  /** How another one like it is created; kept only where others may be needed. */
  spec: CreateRequest | undefined;
  /** Executions, commands and log readers. It is never removed as idle while there are any. */
  inFlight: number;
  /** Aborts when it ends or is removed, with the reason in words. */
  readonly ended: AbortController;
  exit: InstanceExit | undefined;
  /** Why it was killed, if it was us. */
  killed: string | undefined;
  /** Set while it is being removed. */
  removal: Promise<void> | undefined;
}

export const LABELS = {
  id: 'open-runtimes.runtime-id',
  created: 'open-runtimes.created',
  version: 'open-runtimes.version',
  /**
   * `serve`; `build` for those that end with the request that made them; `standby` for those that were made before they
   * were needed.
   */
  purpose: 'open-runtimes.purpose',
  concurrency: 'open-runtimes.concurrency',
} as const;

/**
 * Secrets are derived, so that a new executor knows those of the runtimes that it finds and none is stored anywhere.
 */
export function deriveSecret({ secret, name, hostname }: { secret: string; name: string; hostname: string }): string {
  return createHmac('sha256', secret).update(`${name}\0${hostname}`).digest('hex');
}

/** The name of its instance, from when it is the runtime's for good. */
export async function instanceOf(runtime: Runtime): Promise<string> {
  await runtime.adopted?.catch(() => {});
  return runtime.instance;
}

/** Lets a runtime be an instance that was there before it. */
export function beInstance({
  runtime,
  secret,
  instance,
  hostname,
  address,
}: {
  runtime: Runtime;
  secret: string;
  instance: string;
  hostname: string;
  address: Address;
}): void {
  runtime.hostname = hostname;
  runtime.secret = deriveSecret({ secret, name: runtime.name, hostname });
  runtime.address = address;
  runtime.instance = instance;
}

/** What callers see of it. Times in seconds. */
export function describeRuntime(runtime: Runtime) {
  return {
    version: runtime.version,
    created: runtime.created / 1000,
    updated: runtime.updated / 1000,
    name: runtime.name,
    hostname: runtime.hostname,
    status: runtime.pending ? 'pending' : `Up ${((Date.now() - runtime.created) / 1000).toFixed(2)}s`,
    key: '',
    listening: runtime.listening ? 1 : 0,
    image: runtime.image,
    initialised: runtime.pending ? 0 : 1,
  };
}
