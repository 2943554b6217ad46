// What a function is called with.

'use strict';

const { write } = require('./logger.js');
const { Request } = require('./request.js');
const { res } = require('./response.js');

function createContext(message) {
  return {
    req: new Request(message),
    res: { ...res }, // the function's own, which it may add to
    log: (...values) => write('log', message.call, values),
    error: (...values) => write('error', message.call, values),
  };
}

module.exports = { createContext };
