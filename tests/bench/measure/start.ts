// Measures how long containers take to answer for the first time, and what of that is the engine's own.

import type { Servers, Started } from '../servers.ts';
import { type Spread, spread } from '../statistics.ts';

export interface StartRequest {
  servers: Servers;
  rounds: number;
  say: (detail: string) => void;
  signal: AbortSignal;
}

export interface StartResult {
  /** The engine's own part: creating and starting a container that only sleeps. */
  engineMs: Spread;
  /** From asking for the container to its first answer with status 200. */
  bareMs: Spread;
  oursMs: Spread;
  /** Ours less bare within the same round; both have the engine's own part in them. */
  addedMs: Spread;
}

/** One container at a time, the three kinds in turns. */
export async function measureStart({ servers, rounds, say, signal }: StartRequest): Promise<StartResult> {
  const seen: { engine: number; bare: number; ours: number }[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    signal.throwIfAborted();
    say(`round ${round} of ${rounds}`);
    const engine = await timeOf(servers.startSleep, async ({ engineMs }) => engineMs);
    const bare = await timeOf(servers.startBare, (started) => started.firstAnswerMs());
    const ours = await timeOf(servers.startOurs, (started) => started.firstAnswerMs());
    seen.push({ engine, bare, ours });
  }
  return {
    engineMs: spread(seen.map(({ engine }) => engine)),
    bareMs: spread(seen.map(({ bare }) => bare)),
    oursMs: spread(seen.map(({ ours }) => ours)),
    addedMs: spread(seen.map(({ ours, bare }) => ours - bare)),
  };
}

async function timeOf(start: () => Promise<Started>, read: (started: Started) => Promise<number>): Promise<number> {
  await using started = await start();
  return await read(started); // only then may the container go
}
