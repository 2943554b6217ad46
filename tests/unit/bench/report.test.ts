// Tests what the report says of the numbers.

import { expect, test } from 'vitest';
import { type Measured, renderReport } from '../../bench/report.ts';
import type { Goals } from '../../bench/subjects.ts';

const machine = {
  cores: 2,
  cpu: 'A CPU',
  memoryBytes: 8 * 1024 ** 3,
  kernel: '6.1',
  engine: '20.10',
  date: '2026-01-02',
  loadAverage: 0.25,
};
const same = (value: number) => ({ lowest: value, median: value, highest: value });
const speed = { requestsPerSecond: same(20_000), medianMs: same(0.1), p99Ms: same(0.2) };

function measured(goals: Goals): Measured {
  return {
    title: 'Invented 1',
    goals,
    speed: {
      ours: speed,
      bare: speed,
      throughputRatio: { lowest: 0.4, median: 0.5, highest: 0.6 },
      addedMs: same(0.03),
    },
    start: { engineMs: same(200), bareMs: same(230), oursMs: same(280), addedMs: same(50) },
    footprint: {
      oursBytes: 20 * 1024 ** 2,
      bareBytes: 10 * 1024 ** 2,
      imageBytes: 300e6,
      baseBytes: 100e6,
      languageBytes: 150e6,
    },
  };
}

test.each<[Goals, string]>([
  [{ throughput: 0.5 }, '| Invented 1 | 20,000 | 20,000 | 0.50 (0.40 – 0.60) | ≥ 0.5 | reached |'],
  [{ throughput: 0.51 }, '| ≥ 0.51 | **missed** |'],
  [{ addedLatencyMs: 0.03 }, '| 0.100 | 0.200 | 0.100 | 0.200 | 0.030 (0.030 – 0.030) | ≤ 0.03 | reached |'],
  [{ addedLatencyMs: 0.029 }, '| ≤ 0.029 | **missed** |'],
  [{ addedStartMs: 50 }, '| 200 (200) | 230 (230) | 280 (280) | 50 (50 – 50) | ≤ 50 | reached |'],
  [{ memory: 1.9 }, '| 20.0 | 10.0 | 2.00 | ≤ 1.9 | **missed** |'],
  [{ addedMb: 50 }, '| Invented 1 | 300 | 100 | 150 | 50 | ≤ 50 | reached |'],
  [{}, '| 2.00 |  |  |'],
])('goals %j are judged by the median', (goals, row) => {
  expect(renderReport({ machine, measured: [measured(goals)] })).toContain(row);
});

test('the machine, what else it did, and the size over the base are told', () => {
  const report = renderReport({ machine, measured: [measured({})] });
  expect(report).toContain('2026-01-02: 2 cores (A CPU), 8 GiB of memory, Linux 6.1, Docker Engine 20.10.');
  expect(report).toContain('Load average before the first measurement: 0.3.');
  expect(report).toContain('| Invented 1 | 300 | 100 | 150 | 50 |');
});
