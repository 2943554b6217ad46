// Writes what was measured of first calls as Markdown, goals beside what was seen, and its plot.

import type { Machine } from '../machine.ts';
import { drawBars } from '../plot.ts';
import { describe, judge, table } from '../report.ts';
import type { Quantiles } from '../statistics.ts';
import type { CrowdResult } from './crowd.ts';
import type { StartKind } from './starts.ts';

/** Of one runtime; times in milliseconds. */
export interface RuntimeStarts {
  title: string;
  /** Whether its server boots before there is a function; otherwise `warm` is no other than `cold`. */
  warmStandby: boolean;
  /** The engine's part: creating and starting a container that only sleeps. */
  engineMs: number;
  /** From asking for a container with the bare server to that server's first answer; the engine's part is in it. */
  bareMs: number;
  kinds: Record<StartKind, Quantiles>;
}

/** All that one run has measured; kept as docs/benchmarks/cold-start.json. */
export interface ColdMeasured {
  machine: Machine;
  runtimes: RuntimeStarts[];
  crowd: CrowdResult;
  /** What the executor keeps in memory of each function that it knows. */
  knownBytes: number;
}

const WARM_MEDIAN_MS = 15;
const WARM_P99_MS = 60;
const COLD_OVER_BOOT_MS = 15;
const SCRATCH_OVER_BARE_MS = 25;
const ANY_P95_MS = 100;
const BURST_P95_MS = 3_000;
const KNOWN_BYTES = 1_024;

export function renderColdStarts({ machine, runtimes, crowd, knownBytes }: ColdMeasured): string {
  return [
    describe(machine),
    '### From a warm standby, ms',
    table(
      ['', 'median', 'goal', '', '99th percentile', 'goal', ''],
      runtimes.filter(({ warmStandby }) => warmStandby).map(warmRow),
    ),
    '### From a standby, ms',
    table(['', 'median', 'boot of the bare server', 'over that', 'goal', ''], runtimes.map(coldRow)),
    '### From scratch, ms',
    table(['', 'median', 'container with the bare server', 'over that', 'goal', ''], runtimes.map(scratchRow)),
    '### The better standby of each, 95th percentile, ms',
    table(['', 'seen', 'goal', ''], runtimes.map(bestRow)),
    '![First calls of each runtime](benchmarks/cold-start.svg)',
    '### Many at once',
    table(
      ['', 'median', '95th percentile', 'slowest', 'goal', ''],
      [
        [
          `${crowd.functions} functions at once, ms`,
          ...columns(crowd.burstMs),
          ...judge({ seen: crowd.burstMs.p95, atMost: BURST_P95_MS }),
        ],
        [
          `${crowd.calls} calls at once of one function that takes ${crowd.concurrency}, ms`,
          ...columns(crowd.callsMs),
          '',
          '',
        ],
      ],
    ),
    `All were answered. A function that is known and not called takes ${knownBytes.toFixed(0)} bytes of ` +
      `the executor's memory (goal: at most ${KNOWN_BYTES}, ` +
      `${knownBytes <= KNOWN_BYTES ? 'reached' : '**missed**'}).`,
  ].join('\n\n');
}

/** Medians, from the slowest percentile to the fastest call that was seen. */
export function drawColdStarts({ runtimes }: ColdMeasured): Promise<string> {
  const bars = runtimes.flatMap(({ title, warmStandby, kinds }) =>
    (['warm', 'cold', 'scratch'] as const)
      .filter((kind) => kind !== 'warm' || warmStandby)
      .map((kind) => ({
        name: `${title}, ${NAMES[kind]}`,
        value: { lowest: kinds[kind].median, median: kinds[kind].median, highest: kinds[kind].p95 },
        ours: kind !== 'scratch',
      })),
  );
  return drawBars({
    title: 'First call of a function, median and 95th percentile',
    axis: 'milliseconds (less is better)',
    bars,
  });
}

const NAMES: Record<StartKind, string> = { warm: 'warm standby', cold: 'standby', scratch: 'from scratch' };

function warmRow({ title, kinds: { warm } }: RuntimeStarts): string[] {
  return [
    title,
    warm.median.toFixed(1),
    ...judge({ seen: warm.median, atMost: WARM_MEDIAN_MS }),
    warm.p99.toFixed(1),
    ...judge({ seen: warm.p99, atMost: WARM_P99_MS }),
  ];
}

function coldRow({ title, engineMs, bareMs, kinds: { cold } }: RuntimeStarts): string[] {
  const boot = bareMs - engineMs;
  return [
    title,
    cold.median.toFixed(0),
    boot.toFixed(0),
    (cold.median - boot).toFixed(0),
    ...judge({ seen: cold.median - boot, atMost: COLD_OVER_BOOT_MS }),
  ];
}

function scratchRow({ title, bareMs, kinds: { scratch } }: RuntimeStarts): string[] {
  return [
    title,
    scratch.median.toFixed(0),
    bareMs.toFixed(0),
    (scratch.median - bareMs).toFixed(0),
    ...judge({ seen: scratch.median - bareMs, atMost: SCRATCH_OVER_BARE_MS }),
  ];
}

function bestRow({ title, kinds: { warm, cold } }: RuntimeStarts): string[] {
  const best = Math.min(warm.p95, cold.p95);
  return [title, best.toFixed(0), ...judge({ seen: best, atMost: ANY_P95_MS })];
}

function columns({ median, p95, highest }: Quantiles): string[] {
  return [median, p95, highest].map((value) => value.toFixed(0));
}
