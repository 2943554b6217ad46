// One runtime as the executor knows it: what it is, how busy it is, and the state that it is in.

import type { RuntimeState } from './state.ts';

/** What a runtime was asked to be; enough to start another one like it. */
export interface RuntimeSpec {
  runtimeId: string;
  image: string;
  entrypoint: string;
  source: string;
  outputDirectory: string;
  variables: Record<string, string>;
  runtimeEntrypoint: string;
  /** Cores. */
  cpus: number;
  /** MiB. */
  memory: number;
  version: string;
  restartPolicy: 'no' | 'always' | 'on-failure' | 'unless-stopped';
  /** Calls that one replica takes at once; 0: as many as come. */
  concurrency: number;
}

export interface Runtime {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly created: number;
  /** How another replica of it is started; undefined where none may be needed, or nobody knows. */
  readonly spec: RuntimeSpec | undefined;
  /** Resolves once it serves. Rejects with what those who wait for it are told. */
  readonly started: Promise<void>;
  /** Aborts when it ends, or is about to be removed, with the reason in words. */
  readonly ended: AbortSignal;
  /** Changed by `transition` alone. */
  readonly state: RuntimeState;
  /** Calls that it takes at once; 0: as many as come. */
  concurrency: number;
  /** Executions, commands and log readers. It is never removed as idle while there are any. */
  inFlight: number;
  /** When it was last used; milliseconds since the epoch. */
  updated: number;
}

/** Runs an action during which the runtime does not count as idle. */
export async function using<T>(runtime: Runtime, action: () => Promise<T>): Promise<T> {
  runtime.inFlight += 1;
  try {
    return await action();
  } finally {
    runtime.inFlight -= 1;
    runtime.updated = Date.now();
  }
}

/** What callers see of it. Times in seconds. */
export function describeRuntime({ id: _id, state, ...runtime }: Runtime) {
  const starting = state.is === 'starting';
  return {
    version: runtime.version,
    created: runtime.created / 1000,
    updated: runtime.updated / 1000,
    name: runtime.name,
    hostname: state.instance.hostname,
    status: starting ? 'pending' : `Up ${((Date.now() - runtime.created) / 1000).toFixed(2)}s`,
    key: '',
    listening: state.instance.listening ? 1 : 0,
    image: runtime.image,
    initialised: starting ? 0 : 1,
  };
}
