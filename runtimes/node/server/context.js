// What a function is called with.

'use strict';

const { write } = require('./logger.js');
const { Request } = require('./request.js');
const { res } = require('./response.js');

/** All are own members, since functions take them out of the context: `({ res, log }) => …`. */
function createContext(message) {
  return {
    req: new Request(message),
    res: { ...res }, // the function's own, which it may add to
    log: (...values) => write('log', message.value, values),
    error: (...values) => write('error', message.value, values),
  };
}

module.exports = { createContext };
