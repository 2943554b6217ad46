// What a function prints natively becomes records of the call that prints it; all else is the container's own output.

'use strict';

const { AsyncLocalStorage } = require('async_hooks');
const { record } = require('./logger.js');

/** Holds, for all code that runs on behalf of a call, its id and how it fails. */
const current = new AsyncLocalStorage();

function captureNativeOutput() {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write;
    stream.write = function writeNative(chunk, encoding, callback) {
      const request = current.getStore();
      if (!request) return write.apply(stream, arguments);
      record('native', request.id, chunk);
      const done = typeof encoding === 'function' ? encoding : callback;
      if (done) process.nextTick(done);
      return true;
    };
  }
}

module.exports = { current, captureNativeOutput };
