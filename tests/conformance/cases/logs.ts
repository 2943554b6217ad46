// Cases of docs/contract.md, sections 7 and 8, as far as they show in log files and answers.

import { MAX_LOG_MESSAGE_CHARACTERS } from '../../../src/contract/limits.ts';
import { LOG_TRUNCATED, NATIVE_LOGS_DETECTED } from '../../../src/contract/messages.ts';
import type { Exchange, FixtureStep, WireCase } from '../case.ts';

const DONE: FixtureStep = ['reply', { kind: 'text', body: 'done' }];

const files: WireCase[] = [
  {
    name: 'logs-and-errors-have-files-of-their-own',
    covers: 'Log files',
    core: true,
    send: { steps: [['log', 'first'], ['error', 'fault'], ['log', 'second'], DONE] },
    expect: { body: 'done', logs: 'first\nsecond\n', errors: 'fault\n' },
  },
  {
    name: 'no-message-no-file',
    covers: 'Log files',
    needs: ['log-files'],
    leavesNothing: true,
    send: { steps: [DONE] },
    expect: { body: 'done' },
  },
  {
    name: 'log-files-are-appended-to',
    covers: 'Log files',
    steps: [
      { send: { logId: 'appended-to', steps: [['log', 'one'], DONE] }, expect: { body: 'done' } },
      { send: { logId: 'appended-to', steps: [['log', 'two'], DONE] }, expect: { body: 'done', logs: 'one\ntwo\n' } },
    ],
  },
  {
    name: 'logs-beside-a-binary-answer',
    covers: 'Log files',
    send: {
      steps: [
        ['log', 'x'],
        ['reply', { kind: 'binary', body: [1] }],
      ],
    },
    expect: { body: { bytes: Uint8Array.of(1) }, logs: 'x\n' },
  },
  {
    name: 'many-messages-are-complete',
    covers: 'Log files',
    send: { steps: [['repeat', 1_000, ['log', 'line']], DONE] },
    expect: { body: 'done', logs: 'line\n'.repeat(1_000) },
  },
];

const ids: WireCase[] = [
  {
    name: 'generated-log-id',
    covers: 'Log ids',
    send: { logId: null, steps: [['log', 'x'], DONE] },
    expect: { body: 'done', logs: 'x\n' },
  },
  {
    name: 'generated-log-ids-differ',
    covers: 'Log ids',
    steps: [{ distinctLogIds: 50, send: { logId: null }, expect: { body: 'ready' } }],
  },
  {
    name: 'log-id-in-development',
    covers: 'Log ids',
    setup: { environment: { OPEN_RUNTIMES_ENV: 'development' } },
    send: { logId: null },
    expect: { headers: { 'x-open-runtimes-log-id': 'dev' }, body: 'ready' },
  },
];

const OFF = [['x-open-runtimes-logging', 'disabled']] as const;
const off: WireCase[] = [
  {
    name: 'logging-off-writes-nothing',
    steps: [['log', 'x'], ['error', 'y'], ['print', 'z'], DONE] as const,
    expect: { body: 'done', logs: '', errors: '' },
  },
  {
    name: 'logging-off-hides-errors',
    steps: [['throw', 'x']] as const,
    expect: { status: 500, body: '', logs: '', errors: '' },
  },
].map(({ name, steps, expect }) => ({
  name,
  covers: 'Logging off',
  leavesNothing: true,
  send: { headers: OFF, steps },
  expect,
}));

const messages: WireCase[] = [
  { name: 'string', steps: [['log', 'a "b" \\ c']] as const, logs: 'a "b" \\ c\n' },
  { name: 'text-in-utf-8', steps: [['log', 'ö 🥊']] as const, logs: 'ö 🥊\n' },
  { name: 'empty-string', steps: [['log', '']] as const, logs: '\n' },
  { name: 'several-values', steps: [['log', 'a', 'b', 'c']] as const, logs: 'a b c\n' },
  { name: 'number', steps: [['log', 'n', 42]] as const, logs: 'n 42\n' },
  { name: 'map', steps: [['log', { a: 'b' }]] as const, logs: '{"a":"b"}\n' },
  { name: 'list', steps: [['log', ['a', ['b', { c: 'd' }]]]] as const, logs: '["a",["b",{"c":"d"}]]\n' },
  {
    name: 'exception',
    steps: [['log-exception', 'logged on purpose']] as const,
    logs: { contains: ['logged on purpose', '\n'] },
  },
].map(({ name, steps, logs }) => ({
  name: `message-${name}`,
  covers: 'Messages',
  send: { steps: [...steps, DONE] },
  expect: { body: 'done', logs, errors: '' },
}));

/** Languages have words of their own for it. */
const nothing: WireCase = {
  name: 'message-nothing',
  covers: 'Messages',
  send: {
    steps: [
      ['log', null, 'after'],
      ['text-of', null],
    ],
  },
  expect: { logs: '{body} after\n', errors: '' },
};

const exceptionStack: WireCase = {
  name: 'message-exception-has-a-stack',
  covers: 'Messages',
  send: { steps: [['log-exception', 'logged on purpose'], DONE] },
  expect: { body: 'done', logs: { contains: ['{entrypoint}'] } },
};

const errorMessages: WireCase = {
  name: 'message-to-errors',
  covers: 'Messages',
  send: { steps: [['error', 'a', { b: 'c' }], DONE] },
  expect: { body: 'done', logs: '', errors: 'a {"b":"c"}\n' },
};

const MAX = MAX_LOG_MESSAGE_CHARACTERS;
const long: WireCase[] = [
  { name: 'message-of-exactly-the-limit', character: 'a', length: MAX, logs: `${'a'.repeat(MAX)}\n` },
  { name: 'message-over-the-limit', character: 'a', length: MAX + 1, logs: `${'a'.repeat(MAX)}${LOG_TRUNCATED}\n` },
  { name: 'message-limit-counts-characters', character: 'é', length: MAX, logs: `${'é'.repeat(MAX)}\n` },
  {
    name: 'message-is-cut-between-characters',
    character: 'é',
    length: MAX + 1,
    logs: `${'é'.repeat(MAX)}${LOG_TRUNCATED}\n`,
  },
  // A string of some languages counts such a character as two.
  { name: 'message-limit-counts-pairs-as-one', character: '🥊', length: MAX, logs: `${'🥊'.repeat(MAX)}\n` },
  {
    name: 'message-is-cut-between-pairs',
    character: '🥊',
    length: MAX + 1,
    logs: `${'🥊'.repeat(MAX)}${LOG_TRUNCATED}\n`,
  },
].map(({ name, character, length, logs }) => ({
  name,
  covers: 'Long messages',
  send: { steps: [['log-long', character, length], DONE] as const },
  expect: { body: 'done', logs },
}));

const native: WireCase[] = [
  {
    name: 'native-output',
    steps: [['print', 'spoken']] as const,
    logs: { contains: [`${NATIVE_LOGS_DETECTED}\n`, 'spoken\n'], once: NATIVE_LOGS_DETECTED },
  },
  {
    name: 'native-error-output',
    steps: [['print-error', 'spoken']] as const,
    logs: { contains: [`${NATIVE_LOGS_DETECTED}\n`, 'spoken\n'], once: NATIVE_LOGS_DETECTED },
  },
  {
    name: 'native-output-is-announced-once',
    steps: [
      ['print', 'one'],
      ['print', 'two'],
      ['print', 'three'],
    ] as const,
    logs: { contains: [`${NATIVE_LOGS_DETECTED}\n`, 'one\n', 'two\n', 'three\n'], once: NATIVE_LOGS_DETECTED },
  },
  { name: 'no-native-output-no-notice', steps: [['log', 'only this']] as const, logs: 'only this\n' },
].map(({ name, steps, logs }) => ({
  name,
  covers: 'Native output',
  core: name === 'native-output',
  send: { steps: [...steps, DONE] },
  expect: { body: 'done', logs, errors: '' },
}));

/** One of two requests that overlap: it speaks before, between and after the other's words. */
function overlapping(who: string, verb: 'log' | 'print'): Exchange {
  const steps: FixtureStep[] = [
    [verb, `${who} starts`],
    ['sleep', 150],
    [verb, `${who} goes on`],
    ['sleep', 150],
    [verb, `${who} ends`],
    DONE,
  ];
  const other = who === 'Ada' ? 'Bob' : 'Ada';
  return {
    send: { steps },
    expect: {
      body: 'done',
      errors: '',
      logs: { contains: [`${who} starts\n`, `${who} goes on\n`, `${who} ends\n`], lacks: [other] },
    },
  };
}

const isolation: WireCase[] = (['log', 'print'] as const).map((verb) => ({
  name: `overlapping-requests-${verb}-apart`,
  covers: 'Log isolation',
  waits: true,
  core: verb === 'log',
  steps: [{ together: [overlapping('Ada', verb), overlapping('Bob', verb)] }],
}));

const KEPT: Exchange = { send: { steps: [['log', 'mine'], DONE] }, expect: { body: 'done', logs: 'mine\n' } };
const silence: WireCase = {
  name: 'request-without-words-hears-no-others',
  covers: 'Log isolation',
  waits: true,
  steps: [{ together: [overlapping('Ada', 'print'), KEPT] }],
};

const afterwards: WireCase = {
  name: 'words-after-the-answer-reach-no-other-request',
  covers: 'Log isolation',
  steps: [
    {
      send: { steps: [['later', 100, ['log', 'late'], ['error', 'late'], ['print', 'late']], DONE] },
      expect: { body: 'done' },
    },
    { send: { steps: [['sleep', 250], ['log', 'mine'], DONE] }, expect: { body: 'done', logs: 'mine\n', errors: '' } },
  ],
};

const environment: WireCase[] = [
  {
    name: 'variable-reaches-the-function',
    covers: 'Variables',
    setup: { environment: { MY_VARIABLE: 'a b=ö"c' } },
    send: { steps: [['env', 'MY_VARIABLE']] },
    expect: { body: 'a b=ö"c' },
  },
  {
    name: 'variable-that-is-not-set',
    covers: 'Variables',
    send: { steps: [['env', 'NOT_SET_ANYWHERE']] },
    expect: { body: '' },
  },
];

export const logCases: readonly WireCase[] = [
  ...files,
  ...ids,
  ...off,
  ...messages,
  nothing,
  exceptionStack,
  errorMessages,
  ...long,
  ...native,
  ...isolation,
  silence,
  afterwards,
  ...environment,
];
