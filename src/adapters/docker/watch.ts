// Follows the engine's events and reports every container that ends, and every one that runs again after that, also
// when it happens while the engine or the connection is away.

import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { poll } from '../../lib/poll.ts';
import type { Adapter } from '../adapter.ts';
import { toExit } from './container.ts';
import { ownedBy } from './labels.ts';
import { createRuns, type Runs } from './runs.ts';

interface Subscription {
  docker: Docker;
  owner: string;
  signal: AbortSignal;
  runs: Runs;
}

type Watch = Omit<Subscription, 'runs'> & { network: string } & Parameters<Adapter['watch']>[0];

interface EngineEvent {
  Action: string;
  Actor: { ID: string; Attributes: { name: string; exitCode?: string } };
  timeNano: number;
}

const EVENTS = ['start', 'rename', 'oom', 'die', 'destroy'];
const MAX_PAUSE_MS = 5000;

/** Resolves once events are followed; goes on until the signal aborts. */
export async function watchContainers({ docker, owner, signal, ...rest }: Watch): Promise<void> {
  const subscription = { docker, owner, signal, runs: createRuns({ docker, signal, ...rest }) };
  try {
    const events = await subscribe(subscription);
    void follow({ ...subscription, events });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

async function follow({ events, ...subscription }: Subscription & { events: Readable }): Promise<void> {
  for (let current: Readable | undefined = events; current; current = await resubscribe(subscription)) {
    await read({ events: current, runs: subscription.runs });
  }
}

/** Opens the stream of events first and lists second, so that whatever happens from then on is in one of the two. */
async function subscribe({ docker, owner, signal, runs }: Subscription): Promise<Readable> {
  const filters = { type: ['container' as const], event: EVENTS, ...ownedBy(owner) };
  const events = (await docker.getEvents({ filters, abortSignal: signal })) as Readable;
  // An error ends the reading below; without a listener it would end the process until then.
  events.on('error', () => {});
  try {
    const listed = await docker.listContainers({ all: true, filters: ownedBy(owner) });
    await runs.compare(listed.map(({ Id }) => Id));
    return events;
  } catch (error) {
    events.destroy();
    throw error;
  }
}

/** Undefined once nobody watches any more. */
async function resubscribe(subscription: Subscription): Promise<Readable | undefined> {
  const look = () => subscribe(subscription).catch(() => undefined);
  const { signal } = subscription;
  return poll({ look, firstPauseMs: 50, longestPauseMs: MAX_PAUSE_MS, signal }).catch(() => undefined);
}

async function read({ events, runs }: { events: Readable; runs: Runs }): Promise<void> {
  const exhausted = new Set<string>();
  try {
    for await (const line of createInterface({ input: events })) {
      const { Action, Actor, timeNano } = JSON.parse(line) as EngineEvent;
      const { ID: id, Attributes: attributes } = Actor;
      const at = { id, name: attributes.name, ms: Math.floor(timeNano / 1e6) };
      if (Action === 'start') await runs.started(at);
      if (Action === 'rename') runs.renamed(at);
      if (Action === 'oom') exhausted.add(id);
      if (Action === 'die') {
        const code = Number(attributes.exitCode ?? -1);
        runs.ended({ ...at, exit: toExit({ code, memoryExhausted: exhausted.delete(id) }) });
      }
      if (Action === 'destroy') runs.gone(at);
    }
  } catch {
    // The connection ended in the middle; the caller subscribes again.
  } finally {
    events.destroy();
  }
}
