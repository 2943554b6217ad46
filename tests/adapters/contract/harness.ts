// What the shared suite must be told of an adapter, and what its tests do with instances.

import { randomUUID } from 'node:crypto';
import { vi } from 'vitest';
import type { Adapter, Instance, InstanceExit, InstanceSpec } from '../../../src/adapters/adapter.ts';

export interface Harness {
  /** Opens another adapter on the one orchestrator of this harness. */
  open(request: { owner: string }): Promise<Adapter>;
  /** What runs the program of program.ts. */
  program: Pick<InstanceSpec, 'image' | 'command'>;
  /** An image that cannot be had. */
  missingImage: string;
  /** Whether instances are confined: without that, tests of confinement do not apply. */
  confined: boolean;
  /** Removes whatever the owners left. */
  purge(request: { owner: string }): Promise<void>;
}

/** What tests work with: an adapter, specs, and a signal that ends with each test. */
export type Bench = ReturnType<typeof makeBench>;

export function makeBench({ harness, owner }: { harness: Harness; owner: string }) {
  const stranger = `${owner}-stranger`;
  let adapter: Adapter;
  let test = new AbortController();
  return {
    harness,
    owner,
    stranger,
    get adapter() {
      return adapter;
    },
    get signal() {
      return test.signal;
    },
    spec: (changes: Partial<InstanceSpec> = {}) => makeSpec({ harness, ...changes }),
    /** The command lines of all processes of an instance. */
    processes: async (name: string) =>
      (await shell({ adapter, name, script: 'cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\\0" " "' })).output,
    open: async () => {
      adapter = await harness.open({ owner });
    },
    renew: () => {
      test = new AbortController();
    },
    clear: async () => {
      test.abort();
      await Promise.all((await adapter.list()).map(({ name }) => adapter.stop({ name, graceMs: 0 })));
    },
    close: async () => {
      await adapter[Symbol.asyncDispose]();
      await harness.purge({ owner });
      await harness.purge({ owner: stranger });
    },
  };
}

/** A spec of the program under a name of its own. */
function makeSpec({ harness, ...changes }: { harness: Harness } & Partial<InstanceSpec>): InstanceSpec {
  return {
    name: `opr-test-${randomUUID()}`,
    hostname: 'some-host',
    environment: {},
    labels: {},
    mounts: [],
    cpus: 1,
    memory: 64,
    restartPolicy: 'no',
    ...harness.program,
    ...changes,
  };
}

/** Asks the program to do something, from the moment that it listens. */
export async function ask({ instance, path }: { instance: Instance | undefined; path: string }): Promise<string> {
  const { host, port } = instance?.address ?? { host: 'none', port: 0 };
  return vi.waitFor(async () => (await fetch(`http://${host}:${port}${path}`)).text(), {
    timeout: 10_000,
    interval: 5,
  });
}

/** Tells the program to end itself; no answer comes. */
export async function end({ instance, path }: { instance: Instance; path: string }): Promise<void> {
  await ask({ instance, path: '/hostname' });
  const { host, port } = instance.address ?? { host: 'none', port: 0 };
  await fetch(`http://${host}:${port}${path}`).catch(() => undefined);
}

/** Watches an adapter; `next` is the coming exit of an instance, `restarted` its coming restart. */
export async function watchInstances({ adapter, signal }: { adapter: Adapter; signal: AbortSignal }) {
  const seen: ({ name: string } & InstanceExit)[] = [];
  const restarts: Instance[] = [];
  await adapter.watch({
    onExit: (event) => void seen.push(event),
    onRestart: (instance) => void restarts.push(instance),
    signal,
  });
  return {
    seen,
    restarts,
    next: (name: string) => take({ from: seen, name }),
    restarted: (name: string) => take({ from: restarts, name }),
  };
}

/** What is told of an instance; it is no longer among the rest then. */
function take<Told extends { name: string }>({ from, name }: { from: Told[]; name: string }): Promise<Told> {
  return vi.waitFor(
    () => {
      const index = from.findIndex((event) => event.name === name);
      const [told] = index < 0 ? [] : from.splice(index, 1);
      if (!told) throw new Error(`Nothing was told of ${name}.`);
      return told;
    },
    { timeout: 20_000, interval: 5 },
  );
}

/** Runs a shell command in an instance. */
export async function shell({ adapter, name, script }: { adapter: Adapter; name: string; script: string }) {
  const { exitCode, output } = await adapter.run({
    name,
    command: ['bash', '-c', script],
    maxOutputBytes: 100_000,
    signal: AbortSignal.timeout(30_000),
  });
  return { exitCode, output: output.toString().trim() };
}
