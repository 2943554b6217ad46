// Writes what was measured of the gateway as Markdown, goals beside what was seen, and its plots.

import type { Machine } from '../machine.ts';
import { type Bar, drawBars } from '../plot.ts';
import { count, describe, judge, table } from '../report.ts';
import type { EnduranceResult } from './endurance.ts';
import type { OverloadResult } from './overload.ts';
import { BUSY_CONNECTIONS, PACED, type SpeedResult } from './speed.ts';
import type { StreamingResult } from './streaming.ts';

/** All that one run has measured; kept as docs/benchmarks/gateway.json. */
export interface GatewayMeasured {
  machine: Machine;
  speed: SpeedResult;
  overload: OverloadResult;
  streaming: StreamingResult;
}

/** The same of the run that takes long; kept as docs/benchmarks/endurance.json. */
export interface EnduranceMeasured {
  machine: Machine;
  endurance: EnduranceResult;
}

const MIB = 1024 ** 2;

export function renderGateway({ machine, speed, overload, streaming }: GatewayMeasured): string {
  const { paced } = speed;
  return [
    describe(machine),
    '### Goals',
    table(
      ['', 'seen', 'goal', ''],
      [
        goal({
          what: 'time added to a call, 1 connection, as a share of what Go’s ReverseProxy adds',
          seen: speed.addedRatio.median,
          digits: 2,
          most: 0.9,
        }),
        goal({
          what:
            `time added at the 99th percentile, ${PACED.connections} connections, ` +
            `${PACED.rate.toLocaleString('en')} calls a second, ms`,
          seen: paced.addedP99Ms.median,
          digits: 2,
          most: 1,
        }),
        goal({
          what: `calls a second, ${BUSY_CONNECTIONS} connections, as a multiple of Go’s ReverseProxy`,
          seen: speed.throughputOverReverseProxy.median,
          digits: 2,
          least: 1.2,
        }),
        goal({
          what: 'the same of Knative’s queue-proxy',
          seen: speed.throughputOverQueueProxy.median,
          digits: 2,
          least: 1.5,
        }),
        goal({
          what: 'answers a second at 5 times the peak, as a share of the peak',
          seen: overload.goodput / overload.peak,
          digits: 2,
          least: 0.9,
        }),
        goal({ what: 'calls then that were neither answered nor refused', seen: overload.failed, digits: 0, most: 0 }),
        goal({
          what: 'from the function’s write to the caller’s read, 99th percentile, ms',
          seen: streaming.delayMs.p99,
          digits: 2,
          most: 2,
        }),
        goal({
          what: 'memory for passing on 1 GiB to a caller, MiB',
          seen: streaming.downBytes / MIB,
          digits: 1,
          most: 32,
        }),
        goal({
          what: 'memory for passing on 1 GiB to a function, MiB',
          seen: streaming.upBytes / MIB,
          digits: 1,
          most: 32,
        }),
      ],
    ),
    '### Ways to the same function',
    table(
      [
        '',
        'one call, ms',
        'added, ms (lowest – highest)',
        `calls a second, ${BUSY_CONNECTIONS} connections (lowest – highest)`,
      ],
      speed.contestants.map((one) => [
        one.name,
        one.medianMs.median.toFixed(3),
        `${one.addedMs.median.toFixed(3)} (${one.addedMs.lowest.toFixed(3)} – ${one.addedMs.highest.toFixed(3)})`,
        `${count(one.requestsPerSecond.median)} (${count(one.requestsPerSecond.lowest)} – ` +
          `${count(one.requestsPerSecond.highest)})`,
      ]),
    ),
    '![Time that each proxy adds to a call](benchmarks/gateway-added.svg)',
    '![Calls a second through each proxy](benchmarks/gateway-throughput.svg)',
    `At ${PACED.rate.toLocaleString('en')} calls a second the 99th percentile is ` +
      `${paced.directP99Ms.median.toFixed(2)} ms straight to the container and ` +
      `${paced.gatewayP99Ms.median.toFixed(2)} ms through the gateway.`,
    `Overload: the function can give ${count(overload.peak)} answers a second; ` +
      `${count(overload.offered)} calls a second came, ${count(overload.goodput)} a second were answered, ` +
      `and those refused knew after ${overload.refusedMs.median.toFixed(1)} ms at the median, ` +
      `${overload.refusedMs.p99.toFixed(1)} ms at the 99th percentile.`,
  ].join('\n\n');
}

/** By file name, for docs/benchmarks. */
export async function drawGateway({ speed }: GatewayMeasured): Promise<Record<string, string>> {
  const [, ...proxies] = speed.contestants;
  const bars = (pick: (one: (typeof proxies)[number]) => Bar['value']): Bar[] =>
    proxies.map((one, index) => ({ name: one.name, value: pick(one), ours: index === 0 }));
  return {
    'gateway-added.svg': await drawBars({
      title: 'Time added to a call, one connection',
      axis: 'milliseconds (less is better)',
      bars: bars(({ addedMs }) => addedMs),
    }),
    'gateway-throughput.svg': await drawBars({
      title: `Throughput, ${BUSY_CONNECTIONS} connections`,
      axis: 'calls a second (more is better)',
      bars: bars(({ requestsPerSecond }) => requestsPerSecond),
    }),
  };
}

export function renderEndurance({
  machine,
  endurance: { calls, memoryBytes, descriptors, soak },
}: EnduranceMeasured): string {
  const third = Math.ceil(soak.memoryBytes.length / 3);
  const part = (values: number[], which: 'first' | 'last') =>
    Math.max(...(which === 'first' ? values.slice(0, third) : values.slice(-third)));
  return [
    describe(machine),
    `${count(calls)} calls without a failure. After the first tenth the executor used ` +
      `${mib(memoryBytes.before)} MiB and ${descriptors.before} descriptors, at the end ` +
      `${mib(memoryBytes.after)} MiB and ${descriptors.after}.`,
    `${soak.memoryBytes.length} minutes at ${count(soak.rate)} calls a second, 70 % of the function's ` +
      `peak: ${soak.failed} failed. In the first third the executor used at most ` +
      `${mib(part(soak.memoryBytes, 'first'))} MiB and ${part(soak.descriptors, 'first')} descriptors, in ` +
      `the last ${mib(part(soak.memoryBytes, 'last'))} MiB and ${part(soak.descriptors, 'last')}.`,
  ].join('\n\n');
}

function mib(bytes: number): string {
  return (bytes / MIB).toFixed(0);
}

function goal({
  what,
  seen,
  digits,
  most,
  least,
}: {
  what: string;
  seen: number;
  digits: number;
  most?: number;
  least?: number;
}): string[] {
  return [what, seen.toFixed(digits), ...judge({ seen, atLeast: least, atMost: most })];
}
