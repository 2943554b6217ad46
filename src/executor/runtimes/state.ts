// The states of a runtime, and the only place where they change.

import type { EndCause, Runtime, RuntimeInstance, RuntimeState } from './runtime.ts';

export type RuntimeEvent =
  /** The instance that it is to be is another one, or is known better. */
  | { readonly type: 'placed'; readonly instance: Partial<RuntimeInstance> }
  | { readonly type: 'started' }
  | { readonly type: 'listening' }
  /** Its port takes no connections any more; after a restart it may have another address. */
  | ({ readonly type: 'unreached' } & Partial<Pick<RuntimeInstance, 'address' | 'lastExit'>>)
  /** What is in flight may still end; nothing new comes. */
  | { readonly type: 'draining' }
  | { readonly type: 'ended'; readonly cause: EndCause }
  | { readonly type: 'removed' };

type Name = RuntimeState['is'];

/** From each state, what may happen in it and where that leads. */
export const TRANSITIONS: Readonly<Record<Name, Partial<Record<RuntimeEvent['type'], Name>>>> = {
  starting: { placed: 'starting', started: 'serving', draining: 'stopping', ended: 'stopping' },
  serving: {
    placed: 'serving',
    listening: 'serving',
    unreached: 'serving',
    draining: 'stopping',
    ended: 'stopping',
  },
  // Who hears late of a connection or of an adoption does no harm.
  stopping: {
    placed: 'stopping',
    listening: 'stopping',
    unreached: 'stopping',
    draining: 'stopping',
    ended: 'stopping',
    removed: 'gone',
  },
  gone: { placed: 'gone', listening: 'gone', unreached: 'gone', draining: 'gone', ended: 'gone', removed: 'gone' },
};

/** What a runtime is before anything has happened to it. */
export type NewRuntime = Pick<Runtime, 'id' | 'name' | 'image' | 'version' | 'created' | 'spec' | 'concurrency'> & {
  instance: Pick<RuntimeInstance, 'hostname' | 'secret'> & Partial<RuntimeInstance>;
  started: Promise<void>;
};

const endings = new WeakMap<Runtime, AbortController>();
const changes = new WeakMap<Runtime, PromiseWithResolvers<void>>();

/** A runtime that is starting. */
export function createRuntime({ instance, ...identity }: NewRuntime): Runtime {
  const ending = new AbortController();
  const planned = {
    name: identity.name,
    address: undefined,
    listening: false,
    lastExit: undefined,
    adopted: undefined,
    ...instance,
  };
  const runtime: Runtime = {
    ...identity,
    ended: ending.signal,
    state: { is: 'starting', instance: planned },
    inFlight: 0,
    updated: Date.now(),
  };
  endings.set(runtime, ending);
  return runtime;
}

/** Throws if nothing of the kind can happen in its state, which is a fault of the caller's. */
export function transition(runtime: Runtime, event: RuntimeEvent): void {
  const { state } = runtime;
  const is = TRANSITIONS[state.is][event.type];
  if (is === undefined) throw new Error(`A runtime that is ${state.is} cannot be ${event.type}.`);
  (runtime as { state: RuntimeState }).state = next({ state, is, event });
  if (event.type === 'ended') endings.get(runtime)?.abort(event.cause.reason);
  changes.get(runtime)?.resolve();
  changes.delete(runtime);
}

/** Resolves when something happens to the runtime. */
export function nextChange(runtime: Runtime): Promise<void> {
  const change = changes.get(runtime) ?? Promise.withResolvers<void>();
  changes.set(runtime, change);
  return change.promise;
}

function next({ state, is, event }: { state: RuntimeState; is: Name; event: RuntimeEvent }): RuntimeState {
  const instance = instanceAfter({ instance: state.instance, event });
  const known = 'cause' in state ? state.cause : undefined;
  // Whatever ends a runtime first is why it has ended.
  const cause = known ?? (event.type === 'ended' ? event.cause : undefined);
  if (is === 'starting' || is === 'serving') return { is, instance };
  if (is === 'stopping') return { is, instance, cause, served: hasServed(state) };
  return { is, instance, cause: cause ?? { reason: new Error('it has been removed'), by: 'removal' } };
}

/** Whether it is, or was, there for calls. */
export function hasServed(state: RuntimeState): boolean {
  return state.is === 'serving' || (state.is === 'stopping' && state.served);
}

function instanceAfter({ instance, event }: { instance: RuntimeInstance; event: RuntimeEvent }): RuntimeInstance {
  if (event.type === 'placed') return { ...instance, ...event.instance };
  if (event.type === 'listening') return { ...instance, listening: true };
  if (event.type === 'unreached') {
    const { type: _type, ...known } = event;
    return { ...instance, ...known, listening: false };
  }
  return instance;
}

/** Why it has ended; undefined while it has not. */
export function endCause({ state }: Runtime): EndCause | undefined {
  return 'cause' in state ? state.cause : undefined;
}

/** The name of its instance, from when it is the runtime's for good. */
export async function instanceName(runtime: Runtime): Promise<string> {
  await runtime.state.instance.adopted?.catch(() => {});
  return runtime.state.instance.name;
}
