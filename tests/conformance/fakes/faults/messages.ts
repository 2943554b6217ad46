// Faulty fakes: how bytes become messages, and what becomes of those that are none.

import { malformedMessages } from '../../cases/messages.ts';
import { CORRECT } from '../behaviour.ts';
import type { Fault } from './fault.ts';
import { type Misread, tapped } from './tap.ts';

const ALL = malformedMessages.map(({ name }) => `malformed-${name}`);

/** Takes the first piece of a head for all of it. */
const wholeHeadsOnly = (): Misread => {
  let within = false;
  return (piece) => {
    const begins = !within && /^[A-Z]+ /.test(piece);
    within = begins && !piece.includes('\r\n\r\n');
    return within ? `${piece}\0\r\n\r\n` : piece;
  };
};

/** Does not see a line end whose two bytes come one after the other. */
const wholeLineEndsOnly = (): Misread => (piece) => piece.replace(/^\n/, '');

/** Forgets the digits of a chunk's size that came before. */
const wholeSizesOnly = (): Misread => {
  let chunked = false;
  return (piece) => {
    chunked ||= piece.includes('chunked');
    return chunked && piece.length < 4_096 ? piece.replace(/(?<=\r\n)[\dA-F]+$/, '') : piece;
  };
};

/** Reads over what came with the end of a message. */
const oneMessageAtATime = (): Misread => (piece) => {
  const next = piece.indexOf('GET / HTTP', 1);
  return next > 0 ? { last: piece.slice(0, next) } : piece;
};

export const messageFaults: readonly Fault[] = [
  {
    name: 'reads heads in one piece only',
    faults: { through: tapped(wholeHeadsOnly) },
    heavy: true,
    caughtBy: ['split-message-*', 'every-answer-names-one-log-id'],
  },
  {
    name: 'loses a line end that is cut in two',
    faults: { through: tapped(wholeLineEndsOnly) },
    heavy: true,
    caughtBy: ['split-message-*', 'every-answer-names-one-log-id'],
  },
  {
    name: 'loses the size of a chunk that is cut in two',
    faults: { through: tapped(wholeSizesOnly) },
    heavy: true,
    caughtBy: ['split-message-in-chunks', 'every-answer-names-one-log-id'],
  },
  {
    name: 'reads one message of those that come at once',
    faults: { through: tapped(oneMessageAtATime) },
    heavy: true,
    caughtBy: [
      'split-message-two-at-once',
      'requests-at-once-are-answered-in-order',
      'body-is-not-taken-for-a-request',
      'body-that-nobody-reads-is-not-taken-for-a-request',
    ],
  },
  {
    name: 'keeps connections that it was asked to close',
    faults: { through: tapped(() => (piece) => piece.replace('connection: close\r\n', '')) },
    caughtBy: ['connection-ends-when-it-is-asked-to'],
  },
  {
    name: 'leaves callers that have closed their side',
    faults: { answersHalfClosed: false },
    caughtBy: ['caller-that-closes-its-side-is-answered'],
  },
  {
    name: 'falls over callers that leave',
    faults: { survivesLeavers: false },
    caughtBy: ['caller-that-leaves-*'],
  },
  {
    name: 'calls functions with half a body',
    faults: { takesHalfBody: (chunked) => !chunked },
    caughtBy: ['caller-that-leaves-within-a-body'],
  },
  {
    name: 'calls functions with chunks that do not end',
    // Not those that are malformed: their callers are answered already.
    faults: { takesHalfBody: (chunked, bytes) => chunked && bytes === 100 },
    caughtBy: ['caller-that-leaves-within-chunks'],
  },
  { name: 'answers malformed messages with 500', faults: { malformedStatus: 500 }, caughtBy: ['malformed-*'] },
  {
    name: 'answers what comes after a malformed message',
    faults: { answersAfterMalformed: true },
    // Node.js closes after messages of no version by itself.
    caughtBy: ALL.filter((name) => name !== 'malformed-request-line-without-version'),
  },
  {
    name: 'reads messages generously',
    faults: { lenient: true },
    caughtBy: [
      'malformed-request-line-with-a-bare-lf',
      'malformed-header-line-with-a-bare-lf',
      'malformed-head-that-ends-with-a-bare-lf',
      'malformed-header-with-nul',
      'malformed-header-over-two-lines',
      'malformed-length-before-chunks',
      'malformed-length-after-chunks',
      'malformed-transfer-encoding-*',
      'malformed-chunk-longer-than-its-size',
      'malformed-chunk-size-with-a-bare-lf',
      'malformed-chunk-data-with-a-bare-lf',
    ],
  },
  { name: 'takes anything for a host', faults: { isHost: () => true }, caughtBy: ['malformed-host-*'] },
  {
    name: 'takes hosts with a user',
    faults: { isHost: (host) => CORRECT.isHost(host.replace('@', '')) },
    caughtBy: ['malformed-host-with-a-user'],
  },
  { name: 'takes two hosts', faults: { mayHaveHosts: () => true }, caughtBy: ['malformed-two-hosts'] },
  {
    name: 'takes messages of no version',
    faults: { isVersion: () => true },
    caughtBy: ['malformed-request-line-without-version'],
  },
];
