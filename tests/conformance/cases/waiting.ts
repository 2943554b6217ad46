// Cases of docs/contract.md on time that passes before a function is called: idle connections and slow loads.

import type { WireCase } from '../case.ts';

const idle: WireCase = {
  name: 'idle-connection-still-answers-after-40-seconds',
  covers: 'Listening',
  aside: true,
  steps: [
    {
      oneConnection: Array.from({ length: 2 }, () => ({ send: {}, expect: { body: 'ready' } })),
      idleMs: 40_000,
    },
  ],
};

const slowLoad: WireCase = {
  name: 'timeout-covers-no-loading',
  covers: 'Timing out',
  aside: true,
  setup: { fixture: 'slow-load' },
  send: { headers: [['x-open-runtimes-timeout', '1']] },
  expect: { body: 'ready', errors: '' },
};

export const waitingCases: readonly WireCase[] = [idle, slowLoad];
