// Looks at something again and again until it is as it should be, or until it is clear that it never will be.

import { setTimeout as pause } from 'node:timers/promises';

const DEADLINE_MS = 60_000;
const LONGEST_PAUSE_MS = 50;

/** What was seen last, be it as wanted or not. The looks become rarer, so that waiting takes nothing from the work. */
export async function soon<T>({
  look,
  holds,
  deadlineMs = DEADLINE_MS,
}: {
  look: () => Promise<T>;
  holds: (seen: T) => boolean;
  deadlineMs?: number;
}): Promise<T> {
  const deadline = performance.now() + deadlineMs;
  for (let wait = 2; ; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
    const seen = await look();
    if (holds(seen) || performance.now() > deadline) return seen;
    await pause(wait);
  }
}
