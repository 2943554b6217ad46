// Measures requests a second and the time of one request, our server and the bare one in turns.

import { load } from '../load.ts';
import type { Servers, Started } from '../servers.ts';
import { type Spread, spread } from '../statistics.ts';

export const CONNECTIONS = 16;
const SECONDS = 2;

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

interface Round {
  requestsPerSecond: number;
  medianMs: number;
  p99Ms: number;
}

export async function measureSpeed({ servers, rounds, say, signal }: SpeedRequest): Promise<SpeedResult> {
  await using ours = await servers.startOurs();
  await using bare = await servers.startBare();
  for (const server of [ours, bare]) {
    await server.firstAnswerMs();
    say('warming up');
    await load({ ...server, connections: CONNECTIONS, seconds: SECONDS, signal });
  }
  const seen: { ours: Round; bare: Round }[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    say(`round ${round} of ${rounds}`);
    // Whoever goes second may find the machine warmer, so both take turns at it.
    const bareFirst = round % 2 === 0 ? await measureRound(bare, signal) : undefined;
    const ownRound = await measureRound(ours, signal);
    seen.push({ ours: ownRound, bare: bareFirst ?? (await measureRound(bare, signal)) });
  }
  return {
    ours: summarize(seen.map((round) => round.ours)),
    bare: summarize(seen.map((round) => round.bare)),
    throughputRatio: spread(seen.map((round) => round.ours.requestsPerSecond / round.bare.requestsPerSecond)),
    addedMs: spread(seen.map((round) => round.ours.medianMs - round.bare.medianMs)),
  };
}

async function measureRound(server: Started, signal: AbortSignal): Promise<Round> {
  const { requestsPerSecond } = await load({ ...server, connections: CONNECTIONS, seconds: SECONDS, signal });
  const { medianMs, p99Ms } = await load({ ...server, connections: 1, seconds: SECONDS, signal });
  return { requestsPerSecond, medianMs, p99Ms };
}

function summarize(rounds: Round[]): Speed {
  return {
    requestsPerSecond: spread(rounds.map((round) => round.requestsPerSecond)),
    medianMs: spread(rounds.map((round) => round.medianMs)),
    p99Ms: spread(rounds.map((round) => round.p99Ms)),
  };
}
