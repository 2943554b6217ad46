// One runtime as the executor knows it, and the labels by which another executor would know it.

import { createHmac } from 'node:crypto';
import type { InstanceExit } from '../adapters/adapter.ts';

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
}

export interface Runtime {
  readonly id: string;
  readonly name: string;
  readonly hostname: string;
  readonly image: string;
  readonly version: string;
  readonly secret: string;
  /** Milliseconds. */
  readonly created: number;
  updated: number;
  /** Set while it is being created; everybody who needs it waits for the same promise. */
  pending: Promise<void> | undefined;
  /** Set while its server is being waited for. */
  listeningSoon: Promise<void> | undefined;
  listening: boolean;
  address: { host: string; port: number } | undefined;
  /** Executions, commands and log readers. It is never removed as idle while there are any. */
  inFlight: number;
  /** Aborts when it ends or is removed, with the reason in words. */
  readonly ended: AbortController;
  exit: InstanceExit | undefined;
  /** Why it was killed, if it was us. */
  killed: string | undefined;
}

export const LABELS = {
  id: 'open-runtimes.runtime-id',
  created: 'open-runtimes.created',
  version: 'open-runtimes.version',
  /** `serve`, or `build` for those that end with the request that made them. */
  purpose: 'open-runtimes.purpose',
} as const;

/** Secrets are derived, so that a new executor knows those of the runtimes that it finds and none is stored anywhere. */
export function deriveSecret({ secret, name, hostname }: { secret: string; name: string; hostname: string }): string {
  return createHmac('sha256', secret).update(`${name}\0${hostname}`).digest('hex');
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
