// Leads what a function prints natively to the logs of the request that it
// serves; all else goes to the container's own output.

'use strict';

const { AsyncLocalStorage } = require('async_hooks');

/** Holds, for all code that runs on behalf of a request, that request. */
const current = new AsyncLocalStorage();

function captureNativeOutput() {
  for (const stream of [process.stdout, process.stderr]) {
    const write = stream.write;
    stream.write = function writeNative(chunk, encoding, callback) {
      const request = current.getStore();
      if (!request) return write.apply(stream, arguments);
      request.logger.writeNative(chunk);
      const done = typeof encoding === 'function' ? encoding : callback;
      if (done) process.nextTick(done);
      return true;
    };
  }
}

module.exports = { current, captureNativeOutput };
