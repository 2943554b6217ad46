// Cases of docs/contract.md on what stays apart: one call from the next, a call from its own end, instances from each
// other.

import { EXECUTION_TIMED_OUT } from '../../../src/contract/messages.ts';
import type { FixtureStep, WireCase } from '../case.ts';

const leftBehind: WireCase = {
  name: 'what-a-function-adds-to-its-context-ends-with-its-call',
  covers: 'Returned value',
  steps: [
    {
      oneConnection: [
        {
          send: {
            steps: [
              ['leave', 'mark'],
              ['reply', { kind: 'text', body: 'left' }],
            ],
          },
          expect: { body: 'left' },
        },
        { send: { steps: [['find', 'mark']] }, expect: { body: '' } },
      ],
    },
  ],
};

// Far more than a server may hold back before it writes.
const MANY_LINES: FixtureStep = [
  'repeat',
  100,
  ['log-long', 'x', 2_000],
  ['error', 'y'.repeat(1_000)],
  ['print', 'z'.repeat(1_000)],
];

const afterTimeout: WireCase = {
  name: 'many-lines-after-a-time-out-never-appear',
  covers: 'Timing out',
  aside: true,
  steps: [
    {
      send: {
        headers: [['x-open-runtimes-timeout', '1']],
        logsAs: 'late',
        steps: [['log', 'before'], ['error', 'fault'], ['sleep', 3_000], MANY_LINES, ['throw', 'late on purpose']],
      },
      expect: { status: 500, body: '' },
    },
    // Under way when the first function goes on, and answered when that has long ended.
    {
      send: {
        steps: [
          ['sleep', 3_500],
          ['reply', { kind: 'text', body: 'slept' }],
        ],
      },
      expect: { body: 'slept', logs: '', errors: '' },
    },
    { logsOf: 'late', expect: { logs: 'before\n', errors: `fault\n${EXECUTION_TIMED_OUT}\n` } },
  ],
};

const instances: WireCase = {
  name: 'generated-log-ids-of-instances-differ',
  covers: 'Log ids',
  aside: true,
  needs: ['environment'],
  steps: [{ instances: 2, send: { logId: null }, expect: { body: 'ready' } }],
};

export const callsApartCases: readonly WireCase[] = [leftBehind, afterTimeout, instances];
