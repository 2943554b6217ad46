// One runtime as the executor knows it: what it is, how busy it is, and the state that it is in.

import type { Address, InstanceExit } from '../../adapters/adapter.ts';

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

/** What the orchestrator runs for a runtime, or is about to. */
export interface RuntimeInstance {
  /** What the orchestrator calls it: the runtime's name, but a standby's until `adopted` is over. */
  readonly name: string;
  readonly hostname: string;
  readonly secret: string;
  /** Undefined until it runs. */
  readonly address: Address | undefined;
  /** Whether its port takes connections. */
  readonly listening: boolean;
  /** How it ended the last time, where its restart policy brought it back; `at` in milliseconds since the epoch. */
  readonly lastExit: (InstanceExit & { readonly at: number }) | undefined;
  /** Of a leased standby: resolves when it has the runtime's name and limits. */
  readonly adopted: Promise<void> | undefined;
}

/** Why a runtime has ended. */
export interface EndCause {
  /** What callers who still wait for it are told. */
  readonly reason: Error;
  /** `exit`: by itself; `limit`: it took more than it may; `removal`: nobody needs it any more. */
  readonly by: 'exit' | 'limit' | 'removal';
  readonly exit?: InstanceExit | undefined;
}

export type RuntimeState =
  | { readonly is: 'starting'; readonly instance: RuntimeInstance }
  | { readonly is: 'serving'; readonly instance: RuntimeInstance }
  | Stopping
  | { readonly is: 'gone'; readonly instance: RuntimeInstance; readonly cause: EndCause };

interface Stopping {
  readonly is: 'stopping';
  readonly instance: RuntimeInstance;
  /** Whether it was ever there for calls. */
  readonly served: boolean;
  /** Undefined while what is in flight may still end. */
  readonly cause: EndCause | undefined;
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
