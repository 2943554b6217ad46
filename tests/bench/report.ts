// Writes what was measured as Markdown: a table for each question, goals beside what was seen.

import { CONNECTIONS, type SpeedResult } from './measure/speed.ts';
import type { Footprint } from './measure/footprint.ts';
import type { StartResult } from './measure/start.ts';
import type { Machine } from './machine.ts';
import type { Spread } from './statistics.ts';
import type { Goals } from './subjects.ts';

export interface Measured {
  /** The language and its version. */
  title: string;
  goals: Goals;
  speed: SpeedResult;
  start: StartResult;
  footprint: Footprint;
}

const MB = 1_000_000;
const MIB = 1_048_576;

export function renderReport({ machine, measured }: { machine: Machine; measured: Measured[] }): string {
  return [
    describe(machine),
    heading(`Requests a second, ${CONNECTIONS} connections`),
    table(
      ['', 'our server', 'bare server', 'ours ÷ bare (lowest – highest)', 'goal', ''],
      // Each row is of one subject.
      measured.map(throughputRow),
    ),
    heading('Time of one request, 1 connection, ms'),
    table(
      ['', 'our median', 'our p99', 'bare median', 'bare p99', 'adds at the median (lowest – highest)', 'goal', ''],
      measured.map(latencyRow),
    ),
    heading('From `docker run` to the first answer, ms'),
    table(
      [
        '',
        'engine alone (slowest)',
        'bare server (slowest)',
        'our server (slowest)',
        'ours − bare (lowest – highest)',
        'goal',
        '',
      ],
      measured.map(startRow),
    ),
    heading('Idle memory, MiB'),
    table(['', 'our server', 'bare server', 'ours ÷ bare', 'goal', ''], measured.map(memoryRow)),
    heading('Image, MB'),
    table(['', 'image', 'base', 'language’s packages', 'the rest', 'goal', ''], measured.map(sizeRow)),
  ].join('\n\n');
}

/** The machine and its state, in a paragraph. */
export function describe({ cores, cpu, memoryBytes, kernel, engine, date, loadAverage }: Machine): string {
  const machine =
    `Measured on ${date}: ${cores} cores (${cpu}), ${(memoryBytes / 1024 / MIB).toFixed(0)} GiB of ` +
    `memory, Linux ${kernel}, Docker Engine ${engine}.`;
  return `${machine} Load average before the first measurement: ${loadAverage.toFixed(1)}.`;
}

function throughputRow({ title, goals, speed }: Measured): string[] {
  const { ours, bare, throughputRatio } = speed;
  return [
    title,
    count(ours.requestsPerSecond.median),
    count(bare.requestsPerSecond.median),
    range(throughputRatio, 2),
    ...judge({ seen: throughputRatio.median, atLeast: goals.throughput }),
  ];
}

function latencyRow({ title, goals, speed }: Measured): string[] {
  const { ours, bare, addedMs } = speed;
  const times = [ours.medianMs, ours.p99Ms, bare.medianMs, bare.p99Ms].map(({ median }) => median.toFixed(3));
  return [title, ...times, range(addedMs, 3), ...judge({ seen: addedMs.median, atMost: goals.addedLatencyMs })];
}

function startRow({ title, goals, start }: Measured): string[] {
  const times = [start.engineMs, start.bareMs, start.oursMs].map(
    ({ median, highest }) => `${median.toFixed(0)} (${highest.toFixed(0)})`,
  );
  return [
    title,
    ...times,
    range(start.addedMs, 0),
    ...judge({ seen: start.addedMs.median, atMost: goals.addedStartMs }),
  ];
}

function memoryRow({ title, goals, footprint }: Measured): string[] {
  const { oursBytes, bareBytes } = footprint;
  const ratio = oursBytes / bareBytes;
  return [
    title,
    (oursBytes / MIB).toFixed(1),
    (bareBytes / MIB).toFixed(1),
    ratio.toFixed(2),
    ...judge({ seen: ratio, atMost: goals.memory }),
  ];
}

function sizeRow({ title, goals, footprint }: Measured): string[] {
  const { imageBytes, baseBytes, languageBytes } = footprint;
  const rest = (imageBytes - baseBytes - (languageBytes ?? 0)) / MB;
  const sizes = [imageBytes, baseBytes].map((bytes) => (bytes / MB).toFixed(0));
  return [
    title,
    ...sizes,
    languageBytes === undefined ? '' : (languageBytes / MB).toFixed(0),
    rest.toFixed(0),
    ...judge({ seen: rest, atMost: goals.addedMb }),
  ];
}

/** The cells of a goal and of whether it was reached; empty where there is none. */
export function judge({
  seen,
  atLeast,
  atMost,
}: {
  seen: number;
  atLeast?: number | undefined;
  atMost?: number | undefined;
}): [string, string] {
  if (atLeast !== undefined) return [`≥ ${atLeast}`, seen >= atLeast ? 'reached' : '**missed**'];
  if (atMost !== undefined) return [`≤ ${atMost}`, seen <= atMost ? 'reached' : '**missed**'];
  return ['', ''];
}

function range({ lowest, median, highest }: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${lowest.toFixed(digits)} – ${highest.toFixed(digits)})`;
}

export function count(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function heading(title: string): string {
  return `### ${title}`;
}

export function table(columns: string[], rows: string[][]): string {
  return [columns, columns.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}
