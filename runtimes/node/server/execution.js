// One call of the function: within its time, and ended by errors that it leaves behind.

'use strict';

const { current } = require('./native.js');

/** The function took longer than its caller allows. */
class TimedOut extends Error {}

/** What the function returns or throws; a `timeoutMs` of 0 is no limit. Throws `TimedOut`. */
function run({ handler, context, timeoutMs }) {
  return new Promise((resolve, reject) => {
    const request = current.getStore();
    const settle = (end) => (value) => {
      clearTimeout(timer);
      request.fail = undefined;
      end(value);
    };
    const succeed = settle(resolve);
    const fail = settle(reject);
    // Errors of callbacks and of promises that nobody awaits reach this call through its request.
    request.fail = fail;
    const timer = timeoutMs > 0 ? setTimeout(() => fail(new TimedOut()), Math.min(timeoutMs, 2 ** 31 - 1)) : undefined;
    try {
      const output = handler(context);
      if (typeof output?.then === 'function') output.then(succeed, fail);
      else succeed(output);
    } catch (error) {
      fail(error);
    }
  });
}

module.exports = { run, TimedOut };
