// A thread with an interpreter in it, which serves one connection at a time: carries out what wasm/host.php asks for.

import { parentPort, workerData } from 'node:worker_threads';
import { run } from './interpreter.mjs';

/** Bytes of the peer that PHP has not read yet. */
const inbox = [];
let ended = false;
/** Words of the host that PHP has not heard yet. */
let words = '';
/** What was written to the descriptors since PHP last asked. */
let printed = [];
let connected = false;
let sent;
/** Wakes whoever waits for any of these. */
let wake = () => {};

const told = {
  connect: () => {
    // What is still here was meant for the connection before.
    inbox.length = 0;
    ended = false;
    sent = undefined;
    connected = true;
  },
  data: (bytes) => {
    inbox.push(bytes);
  },
  end: () => {
    ended = true;
  },
  word: (word) => {
    words += word;
  },
  sent: (how) => {
    sent = how;
  },
};

parentPort.on('message', ([what, detail]) => {
  told[what](detail);
  wake();
});

const isReadable = () => inbox.length > 0 || ended;

const answers = {
  /** Waits for a connection, or for the end. */
  accept: async () => {
    tell('ready');
    await until(() => connected || words.includes('s'));
    if (!connected) return 'stop';
    connected = false;
    return 'connection';
  },
  /** Waits until there is something to read, or also until there are words, or for some milliseconds; -1 is for ever. */
  wait: async (milliseconds, forWords) => {
    await until(() => isReadable() || (forWords && words !== ''), Number(milliseconds));
    return isReadable() ? 'connection' : words === '' ? '' : 'words';
  },
  read: async (length) => {
    await until(isReadable);
    const bytes = take(Number(length));
    if (bytes.length > 0) tell('taken', bytes.length);
    return bytes;
  },
  /** Waits until the host can take more of an answer. */
  sent: async () => {
    await until(() => sent !== undefined);
    const how = sent;
    sent = undefined;
    return how;
  },
  word: () => {
    const word = words.slice(0, 1);
    words = words.slice(1);
    return word;
  },
  take: () => {
    const bytes = Buffer.concat(printed);
    printed = [];
    tell('finish');
    return bytes;
  },
};

// What is not answered here goes on to the host.
async function answer(request) {
  const [what, ...details] = request.split(' ');
  return answers[what] ? answers[what](...details) : tell(what, details.join(' '));
}

// Bytes are given away, not copied: a copy would be one of the whole memory of which they are a part.
function tell(what, detail) {
  parentPort.postMessage([what, detail], detail instanceof Uint8Array ? [detail.buffer] : []);
  return '';
}

function take(length) {
  const [first] = inbox;
  if (first === undefined) return new Uint8Array();
  if (first.length <= length) inbox.shift();
  else inbox[0] = first.subarray(length);
  return first.subarray(0, length);
}

async function until(holds, milliseconds = -1) {
  if (holds()) return;
  await new Promise((resolve) => {
    const timer = milliseconds < 0 ? undefined : setTimeout(resolve, milliseconds);
    wake = () => {
      if (!holds()) return;
      clearTimeout(timer);
      resolve();
    };
  });
  wake = () => {};
}

process.exitCode = await run({
  module: workerData.module,
  given: [workerData.script],
  answer,
  print: (_, bytes) => {
    printed.push(bytes);
    tell('print', bytes.slice());
  },
  devices: { connection: (bytes) => tell('write', bytes) },
});
process.exit();
