// What a function is called with.

'use strict';

const { res } = require('./response.js');

class Context {
  #logger;

  constructor({ request, logger }) {
    this.req = request;
    this.res = { ...res }; // the function's own, which it may add to
    this.#logger = logger;
    // Own members, since functions take them out of the context: `({ res, log }) => …`.
    this.log = (...values) => this.#logger.write('logs', values);
    this.error = (...values) => this.#logger.write('errors', values);
  }
}

module.exports = { Context };
