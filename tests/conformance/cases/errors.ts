// Cases of docs/contract.md, section 6: errors, time-outs, and functions that do not load.

import { EXECUTION_TIMED_OUT, RETURN_MISSING, SIGNATURE_INVALID } from '../../../src/contract/messages.ts';
import type { Exchange, WireCase } from '../case.ts';

const thrown: WireCase[] = [
  {
    name: 'thrown-error-is-logged',
    covers: 'Thrown errors',
    core: true,
    send: {
      steps: [
        ['log', 'before'],
        ['throw', 'went wrong on purpose'],
      ],
    },
    expect: { status: 500, body: '', logs: 'before\n', errors: { contains: ['went wrong on purpose'] } },
  },
  {
    name: 'thrown-error-has-a-stack',
    covers: 'Thrown errors',
    send: { steps: [['throw', 'went wrong on purpose']] },
    expect: { status: 500, errors: { contains: ['{entrypoint}'] } },
  },
  {
    name: 'server-lives-on-after-an-error',
    covers: 'Thrown errors',
    steps: [
      {
        oneConnection: [
          { send: { steps: [['throw', 'x']] }, expect: { status: 500, body: '' } },
          { send: {}, expect: { body: 'ready' } },
        ],
      },
    ],
  },
  {
    name: 'thrown-after-a-wait',
    covers: 'Thrown errors',
    send: {
      steps: [
        ['sleep', 20],
        ['throw', 'late on purpose'],
      ],
    },
    expect: { status: 500, body: '', errors: { contains: ['late on purpose'] } },
  },
];

const missing: WireCase[] = [
  {
    name: 'nothing-returned',
    covers: 'Missing return',
    core: true,
    send: { steps: [['nothing']] },
    expect: { status: 500, body: '', errors: `${RETURN_MISSING}\n` },
  },
];

const ONE_SECOND = [['x-open-runtimes-timeout', '1']] as const;
const timingOut: WireCase[] = [
  {
    name: 'timed-out',
    covers: 'Timing out',
    waits: true,
    core: true,
    steps: [
      // Both at once, because each takes a second.
      {
        together: [
          {
            send: {
              headers: ONE_SECOND,
              logsAs: 'late',
              steps: [
                ['log', 'before'],
                ['sleep', 1_600],
                ['log', 'after'],
                ['error', 'after'],
                ['print', 'after'],
                ['reply', { kind: 'text', body: 'late' }],
              ],
            },
            expect: { status: 500, body: '' },
          },
          // Still running when the first has long been answered and its function goes on; reads its logs after that.
          {
            send: {
              steps: [
                ['sleep', 2_200],
                ['reply', { kind: 'text', body: 'slept' }],
              ],
            },
            expect: { body: 'slept' },
          },
        ],
      },
      { logsOf: 'late', expect: { logs: 'before\n', errors: `${EXECUTION_TIMED_OUT}\n` } },
    ],
  },
  {
    name: 'timeout-covers-no-reading',
    covers: 'Timing out',
    waits: true,
    send: {
      method: 'POST',
      headers: ONE_SECOND,
      // A busy server may see the first piece a good while after it was sent.
      body: { pieces: ['slow ', 'body'], pauseMs: 2_500 },
      framing: 'chunked',
      steps: [['echo', 'bodyText']],
    },
    expect: { body: 'slow body' },
  },
  {
    // Not beside those that wait: a server may let go of connections that others are in need of.
    name: 'timeout-of-an-earlier-request-is-over',
    covers: 'Timing out',
    steps: [
      {
        oneConnection: [
          { send: { headers: ONE_SECOND }, expect: { body: 'ready' } },
          {
            send: {
              steps: [
                ['sleep', 1_200],
                ['reply', { kind: 'text', body: 'slept' }],
              ],
            },
            expect: { body: 'slept', errors: '' },
          },
        ],
      },
    ],
  },
  {
    name: 'function-within-its-timeout',
    covers: 'Timing out',
    waits: true,
    send: {
      headers: [['x-open-runtimes-timeout', '2']],
      steps: [
        ['sleep', 1_100],
        ['reply', { kind: 'text', body: 'in time' }],
      ],
    },
    expect: { body: 'in time', errors: '' },
  },
];

/** A load that failed is tried again: both answers say why. */
function twice(covers: string, contains: string): { covers: string; mayFailBuild: true; steps: Exchange[] } {
  const once: Exchange = { send: {}, expect: { status: 503, body: '', logs: '', errors: { contains: [contains] } } };
  return { covers, mayFailBuild: true, steps: [once, once] };
}

const loading: WireCase[] = [
  {
    name: 'missing-entrypoint',
    setup: { environment: { OPEN_RUNTIMES_ENTRYPOINT: 'not/there' } },
    ...twice('Missing entrypoint', 'Failed to load entrypoint, file not/there does not exist.'),
  },
  { name: 'no-function', setup: { fixture: 'no-function' }, ...twice('No function exported', SIGNATURE_INVALID) },
  { name: 'syntax-error', setup: { fixture: 'syntax-error' }, ...twice('Syntax errors', 'Syntax error in ') },
  {
    name: 'syntax-error-names-its-file',
    setup: { fixture: 'syntax-error' },
    ...twice('Syntax errors', 'Syntax error in {entrypoint}: '),
  },
  { name: 'load-error', setup: { fixture: 'load-error' }, ...twice('Load errors', 'Failed to load module: ') },
  { name: 'load-error-says-why', setup: { fixture: 'load-error' }, ...twice('Load errors', 'load error on purpose') },
  {
    name: 'health-of-a-function-that-does-not-load',
    covers: 'Health',
    mayFailBuild: true,
    setup: { fixture: 'load-error' },
    send: { target: '/__opr/health' },
    expect: { body: 'OK' },
  },
  {
    name: 'failed-load-is-tried-again',
    covers: 'Loaded once',
    mayFailBuild: true,
    setup: { fixture: 'load-error' },
    steps: Array.from({ length: 3 }, () => ({
      send: {},
      expect: { status: 503, body: '', errors: { contains: ['load error on purpose'] } },
    })),
  },
  {
    name: 'function-is-loaded-once',
    covers: 'Loaded once',
    core: true,
    steps: [
      {
        oneConnection: Array.from({ length: 3 }, () => ({
          send: { steps: [['count']] as const },
          expect: { body: { increases: true as const } },
        })),
      },
    ],
  },
];

export const errorCases: readonly WireCase[] = [...thrown, ...missing, ...timingOut, ...loading];
