// The standbys of this executor: kept as many as there is demand for and room, filled up and cut down beside the work.

import type { Adapter } from '../../adapters/adapter.ts';
import type { Log } from '../../lib/log.ts';
import type { ExecutorSettings } from '../settings.ts';
import type { StartLimiter } from '../admission/start-limiter.ts';
import { fairShares } from './fair-share.ts';
import { noteStart, wantedFor } from './demand.ts';
import { discardStandby, fillStandby, type Standby } from './fill.ts';
import { newStandbyName } from './name.ts';
import { keyOf, type Shape } from './shape.ts';
import { countOf, emptyPool, failed, filled, neediest, type Pool } from './pool.ts';

// The call that has just taken one is over by then.
const QUIET_MS = 100;
const CHECK_MS = 1_000;
// Failures are noticed before many are on their way.
const MOST_FILLS = 2;
// What callers get who do not say how large their runtime shall be.
const USUAL = { cpus: 1, memory: 512, mode: 'warm' } as const;

export interface StandbyPools extends AsyncDisposable {
  /** A standby of that shape, if one waits; it is the caller's from now on. Without one, a later call may find some. */
  take(shape: Shape): Standby | undefined;
  /** Tells that an instance has ended; returns whether it was a standby. */
  ended(name: string): boolean;
  /** How many wait. */
  readonly waiting: number;
}

interface PoolParts {
  adapter: Adapter;
  settings: ExecutorSettings;
  startLimiter: StartLimiter;
  log: Log;
}

export function createStandbyPools({ adapter, settings, startLimiter, log }: PoolParts): StandbyPools {
  const { standbyMax: most, standbyMemory: memory, standbyMin: least, standbyIdleMs: idleMs } = settings;
  const pools = new Map<string, Pool>();
  const work = new Set<Promise<void>>();
  const possible = adapter.adopt !== undefined && most > 0;
  let closed = false;
  let quiet: NodeJS.Timeout | undefined;

  function poolOf(shape: Shape): Pool {
    const key = keyOf(shape);
    const pool = pools.get(key) ?? emptyPool(shape);
    pools.set(key, pool);
    return pool;
  }

  function track(action: Promise<void>): void {
    const settled = action
      .catch((error: unknown) => log.warn({ error }, 'a standby could not be seen to'))
      .finally(() => work.delete(settled));
    work.add(settled);
  }

  function discard(standby: Standby): void {
    track(discardStandby({ adapter, standby }));
  }

  /** How many each may have at the moment. */
  function shares(now: number): Map<string, number> {
    const wishes = [...pools].map(([key, { shape, demand, least: fewest }]) => ({
      key,
      memory: shape.memory,
      wanted: Math.max(fewest, wantedFor({ demand, now, idleMs })),
    }));
    return fairShares({ wishes: wishes.filter(({ wanted }) => wanted > 0), room: { most, memory } });
  }

  /** Makes what is there what should be there. */
  function adjust(): void {
    if (closed) return;
    const now = Date.now();
    const allowed = shares(now);
    for (const [key, pool] of pools) {
      const target = allowed.get(key) ?? 0;
      while (pool.ready.length > target) discard(pool.ready.shift() as Standby);
      if (target === 0 && pool.filling.size === 0 && pool.least === 0) pools.delete(key);
    }
    for (const [key, pool] of neediest({ pools, allowed })) {
      if (onTheirWay() < MOST_FILLS && pool.retry.at <= now && countOf(pool) < (allowed.get(key) ?? 0))
        track(fill(pool));
    }
  }

  function onTheirWay(): number {
    return [...pools.values()].reduce((sum, { filling }) => sum + filling.size, 0);
  }

  async function fill(pool: Pool): Promise<void> {
    const { shape } = pool;
    const name = newStandbyName(settings.name);
    const ending = new AbortController();
    pool.filling.set(name, ending);
    try {
      const standby = await startLimiter.idle(async () => {
        ending.signal.throwIfAborted();
        return fillStandby({ adapter, settings, shape, name, signal: ending.signal });
      });
      if (closed) discard(standby);
      else filled(pool, standby);
    } catch (error) {
      if (closed) return;
      log.info({ image: shape.image, error }, 'a standby did not come to its gate; calls start from scratch meanwhile');
      failed(pool);
    } finally {
      pool.filling.delete(name);
      adjust();
    }
  }

  const timer = possible ? setInterval(adjust, CHECK_MS) : undefined;
  if (possible && least > 0) {
    for (const image of settings.images)
      poolOf({ image, version: settings.runtimeVersions[0] ?? '', ...USUAL }).least = least;
    adjust();
  }

  return {
    take: (shape) => {
      if (!possible || closed) return undefined;
      const pool = poolOf(shape);
      pool.demand = noteStart({ demand: pool.demand, now: Date.now(), idleMs });
      clearTimeout(quiet);
      quiet = setTimeout(adjust, QUIET_MS);
      return pool.ready.shift();
    },

    ended: (name) => {
      for (const { ready, filling } of pools.values()) {
        filling.get(name)?.abort(new Error('It has ended before it was at its gate.'));
        const index = ready.findIndex((standby) => standby.name === name);
        for (const standby of index === -1 ? [] : ready.splice(index, 1)) discard(standby);
        if (index !== -1 || filling.has(name)) return true;
      }
      return false;
    },

    get waiting() {
      return [...pools.values()].reduce((sum, { ready }) => sum + ready.length, 0);
    },

    async [Symbol.asyncDispose]() {
      closed = true;
      clearInterval(timer);
      clearTimeout(quiet);
      for (const { ready, filling } of pools.values()) {
        for (const ending of filling.values()) ending.abort(new Error('The executor ends.'));
        for (const standby of ready.splice(0)) discard(standby);
      }
      while (work.size > 0) await Promise.all(work);
    },
  };
}
