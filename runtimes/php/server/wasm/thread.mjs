// A thread with an interpreter in it, which serves one caller at a time: carries out what wasm/host.php asks for.

import { parentPort, workerData } from 'node:worker_threads';
import { run } from './interpreter.mjs';
import { replaceEnvironment } from './standby.mjs';

/** Bytes of the caller that PHP has not read yet. */
const inbox = [];
let ended = false;
let connected = false;
/** Whether other callers wait, and whether the server stops. */
let pressed = false;
let stopping = false;
/** What became of the bytes that PHP wrote last. */
let sent;
/** What was written to the descriptors since PHP last asked. */
let printed = [];
/** Bytes of the function's environment, where the interpreter is up before there is a function. */
let environment = workerData.standsBy ? undefined : new Uint8Array();
/** Wakes whoever waits for any of these. */
let wake = () => {};

const told = {
  environment: (message) => {
    environment = message;
    replaceEnvironment(message);
  },
  connect: () => {
    // What is still here was meant for the caller before.
    inbox.length = 0;
    ended = pressed = false;
    sent = undefined;
    connected = true;
  },
  data: (bytes) => {
    inbox.push(bytes);
  },
  end: () => {
    ended = true;
  },
  press: () => {
    pressed = true;
  },
  stop: () => {
    stopping = true;
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
  /** Waits for the function's environment; empty where the interpreter has been started with it. */
  environment: async () => {
    if (environment === undefined) tell('stand by');
    await until(() => environment !== undefined);
    return environment;
  },
  /** Waits for a caller, or for the end. */
  accept: async () => {
    tell('ready');
    await until(() => connected || stopping);
    if (!connected) return 'stop';
    connected = false;
    return 'caller';
  },
  /** Whether there is something to read, at once or within some milliseconds; not for long when others wait. */
  soon: async (milliseconds) => {
    await until(() => isReadable() || pressed, Number(milliseconds));
    return isReadable() ? 'caller' : '';
  },
  /** Waits until there is something to read, or the server stops; it may be a request of another caller that comes. */
  request: async () => {
    if (!isReadable()) tell('park');
    await until(() => isReadable() || stopping);
    connected = false;
    return isReadable() ? 'caller' : '';
  },
  wait: async (milliseconds) => {
    await until(isReadable, Number(milliseconds));
    return isReadable() ? 'caller' : '';
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
  stopping: () => (stopping ? 's' : ''),
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
