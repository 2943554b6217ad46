// Follows the engine's events and reports every container that ends, also those that end while the engine or the
// connection is away.

import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import type { InstanceExit } from '../adapter.ts';
import { exitOf, toExit } from './container.ts';
import { isMissing } from './errors.ts';
import { ownedBy } from './labels.ts';

interface Watch {
  docker: Docker;
  owner: string;
  onExit: (event: { name: string } & InstanceExit) => void;
  signal: AbortSignal;
}

interface EngineEvent {
  Action: string;
  Actor: { ID: string; Attributes: { name: string; exitCode?: string } };
}

const MAX_PAUSE_MS = 5000;

/** Resolves once events are followed; goes on until the signal aborts. */
export async function watchExits(watch: Watch): Promise<void> {
  const running = new Map<string, string>();
  try {
    const events = await subscribe({ watch, running });
    void follow({ watch, running, events });
  } catch (error) {
    if (!watch.signal.aborted) throw error;
  }
}

async function follow({
  watch,
  running,
  events,
}: {
  watch: Watch;
  running: Map<string, string>;
  events: Readable;
}): Promise<void> {
  for (let current: Readable | undefined = events; current; current = await resubscribe({ watch, running })) {
    await report({ watch, running, events: current });
  }
}

/** Opens the stream of events first and lists second, so that whatever ends from then on is in one of the two. */
async function subscribe({ watch, running }: { watch: Watch; running: Map<string, string> }): Promise<Readable> {
  const { docker, owner, signal } = watch;
  const request = {
    filters: { type: ['container' as const], event: ['start', 'rename', 'oom', 'die'], ...ownedBy(owner) },
    abortSignal: signal,
  };
  const events = (await docker.getEvents(request)) as Readable;
  // An error ends the reading below; without a listener it would end the process until then.
  events.on('error', () => {});
  try {
    const now = new Map(
      (await docker.listContainers({ filters: ownedBy(owner) })).map(({ Id, Names }) => [Id, Names[0]?.slice(1) ?? Id]),
    );
    for (const [id, name] of running) if (!now.has(id)) await reportExit({ watch, running, id, name });
    for (const [id, name] of now) running.set(id, name);
    return events;
  } catch (error) {
    events.destroy();
    throw error;
  }
}

async function resubscribe({
  watch,
  running,
}: {
  watch: Watch;
  running: Map<string, string>;
}): Promise<Readable | undefined> {
  for (let pause = 50; !watch.signal.aborted; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
    try {
      return await subscribe({ watch, running });
    } catch {
      await sleep(pause, undefined, { signal: watch.signal }).catch(() => {});
    }
  }
  return undefined;
}

async function report({
  watch,
  running,
  events,
}: {
  watch: Watch;
  running: Map<string, string>;
  events: Readable;
}): Promise<void> {
  const exhausted = new Set<string>();
  try {
    for await (const line of createInterface({ input: events })) {
      const { Action, Actor } = JSON.parse(line) as EngineEvent;
      const { ID: id, Attributes: attributes } = Actor;
      if (Action === 'start' || (Action === 'rename' && running.has(id))) running.set(id, attributes.name);
      if (Action === 'oom') exhausted.add(id);
      if (Action === 'die') {
        const exit = toExit({ code: Number(attributes.exitCode ?? -1), memoryExhausted: exhausted.delete(id) });
        await reportExit({ watch, running, id, name: attributes.name, exit });
      }
    }
  } catch {
    // The connection ended in the middle; the caller subscribes again.
  } finally {
    events.destroy();
  }
}

/** Reports a container once for each time that it ran. */
async function reportExit({
  watch: { docker, onExit, signal },
  running,
  id,
  name,
  exit,
}: {
  watch: Watch;
  running: Map<string, string>;
  id: string;
  name: string;
  exit?: InstanceExit;
}): Promise<void> {
  if (!running.has(id)) return;
  // Only what is known to the last detail is crossed off: if the engine goes away again, the next subscription reports
  // it.
  const known = exit ?? (await lastExit({ docker, id }));
  if (running.delete(id) && !signal.aborted) onExit({ name, ...known });
}

async function lastExit({ docker, id }: { docker: Docker; id: string }): Promise<InstanceExit> {
  try {
    return exitOf(await docker.getContainer(id).inspect());
  } catch (error) {
    if (isMissing(error)) return { code: -1, outOfMemory: false };
    throw error;
  }
}
