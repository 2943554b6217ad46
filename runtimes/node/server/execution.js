// One call of the function: within its time, and ended by errors that it leaves behind.

'use strict';

const { current } = require('./native.js');

/** The function took longer than its caller allows. */
class TimedOut extends Error {}

/** What the function returns or throws; a `timeoutMs` of 0 is no limit. Throws `TimedOut`. */
function run({ handler, context, timeoutMs }) {
  return new Promise((resolve, reject) => {
    // Errors of callbacks and of promises that nobody awaits reach this call through its request.
    current.getStore().fail = reject;
    const timer = timeoutMs > 0 ? setTimeout(() => reject(new TimedOut()), Math.min(timeoutMs, 2 ** 31 - 1)) : undefined;
    const settle = (end) => (value) => {
      clearTimeout(timer);
      end(value);
    };
    try {
      const output = handler(context);
      if (typeof output?.then === 'function') output.then(settle(resolve), settle(reject));
      else settle(resolve)(output);
    } catch (error) {
      settle(reject)(error);
    }
  });
}

module.exports = { run, TimedOut };
