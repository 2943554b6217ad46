// Measures requests a second and the time of one request, our server and the bare one in turns.

import { type Load, load } from '../load.ts';
import type { Servers, Started } from '../servers.ts';
import { type Spread, spread } from '../statistics.ts';

export const CONNECTIONS = 16;
const BUSY_SECONDS = 2;
// One connection at a time answers many thousand times in this.
const SINGLE_SECONDS = 1;

export interface SpeedRequest {
  servers: Servers;
  rounds: number;
  say: (detail: string) => void;
  signal: AbortSignal;
}

/** What was seen of one server, over all rounds. */
export interface Speed {
  requestsPerSecond: Spread;
  medianMs: Spread;
  p99Ms: Spread;
}

export interface SpeedResult {
  ours: Speed;
  bare: Speed;
  /** Ours divided by bare, requests a second within the same round. */
  throughputRatio: Spread;
  /** Ours less bare, median times of one request within the same round. */
  addedMs: Spread;
}

/** The same load on both servers, one right after the other. */
interface Pair {
  ours: Load;
  bare: Load;
}

export async function measureSpeed({ servers, rounds, say, signal }: SpeedRequest): Promise<SpeedResult> {
  await using ours = await servers.startOurs();
  await using bare = await servers.startBare();
  const busy = (server: Started) => load({ ...server, connections: CONNECTIONS, seconds: BUSY_SECONDS, signal });
  const single = (server: Started) => load({ ...server, connections: 1, seconds: SINGLE_SECONDS, signal });
  say('warming up');
  for (const server of [ours, bare]) {
    await server.firstAnswerMs();
    await busy(server);
  }
  const pairs: { busy: Pair; single: Pair }[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    say(`round ${round} of ${rounds}`);
    // Whoever goes second may find the machine warmer, so both take turns at it.
    const inTurns = async (send: (server: Started) => Promise<Load>): Promise<Pair> => {
      const bareFirst = round % 2 === 0 ? await send(bare) : undefined;
      return { ours: await send(ours), bare: bareFirst ?? (await send(bare)) };
    };
    pairs.push({ busy: await inTurns(busy), single: await inTurns(single) });
  }
  return {
    ours: summarize(pairs.map((pair) => ({ busy: pair.busy.ours, single: pair.single.ours }))),
    bare: summarize(pairs.map((pair) => ({ busy: pair.busy.bare, single: pair.single.bare }))),
    throughputRatio: spread(pairs.map((pair) => pair.busy.ours.requestsPerSecond / pair.busy.bare.requestsPerSecond)),
    addedMs: spread(pairs.map((pair) => pair.single.ours.medianMs - pair.single.bare.medianMs)),
  };
}

function summarize(rounds: { busy: Load; single: Load }[]): Speed {
  return {
    requestsPerSecond: spread(rounds.map(({ busy }) => busy.requestsPerSecond)),
    medianMs: spread(rounds.map(({ single }) => single.medianMs)),
    p99Ms: spread(rounds.map(({ single }) => single.p99Ms)),
  };
}
