// How many standbys of a shape are wanted, from the cold starts of it that there were: a peak that fades.

/** Starts within about this time count as one peak; a pool grows by a few meanwhile. */
export const WINDOW_MS = 3_000;

export interface Demand {
  /** Cold starts of late; older ones count less and less. */
  recent: number;
  /** The most that `recent` was, halved four times until nobody is expected any more. */
  peak: number;
  /** When the last one was; milliseconds. */
  at: number;
}

export const NO_DEMAND: Demand = { recent: 0, peak: 0, at: Number.NEGATIVE_INFINITY };

/** Takes note of a cold start. `idleMs` is for how long one is remembered. */
export function noteStart({ demand, now, idleMs }: { demand: Demand; now: number; idleMs: number }): Demand {
  const recent = 1 + demand.recent * Math.exp(-(now - demand.at) / WINDOW_MS);
  return { recent, peak: Math.max(recent, fadedPeak({ demand, now, idleMs })), at: now };
}

/** None once there was no cold start for `idleMs`, and at least one until then. */
export function wantedFor({ demand, now, idleMs }: { demand: Demand; now: number; idleMs: number }): number {
  if (now - demand.at >= idleMs) return 0;
  return Math.max(1, Math.round(fadedPeak({ demand, now, idleMs })));
}

function fadedPeak({ demand: { peak, at }, now, idleMs }: { demand: Demand; now: number; idleMs: number }): number {
  return peak * 2 ** ((-4 * (now - at)) / idleMs);
}
