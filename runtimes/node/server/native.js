// Writes log records for the front, and leads what a function prints natively to the call that prints it.

'use strict';

const { AsyncLocalStorage } = require('async_hooks');
const fs = require('fs');

const RECORDS = 3;

/** Holds, for all code that runs on behalf of a call, that call. */
const current = new AsyncLocalStorage();
const pause = new Int32Array(new SharedArrayBuffer(4));

/** `kind`: `log`, `error` or `native`. Whatever ends the process, what has been written stays. */
function record(kind, call, text) {
  const content = Buffer.from(text);
  const bytes = Buffer.concat([Buffer.from(`${kind} ${call} ${content.length}\n`), content, Buffer.from('\n')]);
  for (let written = 0; written < bytes.length; ) {
    try {
      written += fs.writeSync(RECORDS, bytes, written);
    } catch (error) {
      if (error.code !== 'EAGAIN') return; // the front has gone
      Atomics.wait(pause, 0, 0, 1); // a millisecond, for the front to read
    }
  }
}

/** What belongs to no call goes to the container's own output. */
function captureNativeOutput() {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write;
    stream.write = function writeNative(chunk, encoding, callback = encoding) {
      const call = current.getStore();
      if (!call) return write.apply(stream, arguments);
      const encoded = typeof chunk === 'string' && typeof encoding === 'string';
      record('native', call.id, encoded ? Buffer.from(chunk, encoding) : chunk);
      if (typeof callback === 'function') process.nextTick(callback);
      return true;
    };
  }
}

module.exports = { current, record, captureNativeOutput };
