// How the server ends: by SIGTERM after what is in flight, or visibly by what a function did.

'use strict';

const config = require('./config.js');
const { format } = require('./format.js');
const { current } = require('./native.js');

/**
 * Ends the server at SIGTERM: no new connections, idle ones closed, busy ones
 * after their last answer, all of them after the limit.
 */
function stopOnSignal(server) {
  const unansweredOf = new Map();
  let stopping = false;
  server.on('connection', (socket) => {
    unansweredOf.set(socket, new Set());
    socket.setNoDelay(true);
    socket.once('close', () => unansweredOf.delete(socket));
  });
  server.prependListener('request', ({ socket }, response) => {
    const unanswered = unansweredOf.get(socket);
    unanswered.add(response);
    if (stopping) response.shouldKeepAlive = false;
    response.once('close', () => {
      unanswered.delete(response);
      if (stopping && unanswered.size === 0) socket.end();
    });
  });
  process.on('SIGTERM', () => {
    if (stopping) return;
    stopping = true;
    process.off('exit', refuseSilentExit);
    server.close(() => process.exit(0));
    for (const [socket, unanswered] of unansweredOf) {
      // Whoever waits for the last answer learns with it that no other will come.
      if (unanswered.size > 0) [...unanswered].pop().shouldKeepAlive = false;
      else socket.end();
    }
    setTimeout(() => process.exit(0), config.DRAIN_MS).unref();
  });
}

/**
 * Errors that nobody catches end the call that left them, or are logged if it
 * has returned; without a request they end the process.
 */
function surviveStrayErrors() {
  process.on('uncaughtException', (error) => {
    const request = current.getStore();
    if (request?.fail) return request.fail(error);
    if (request?.logger.open) return request.logger.write('errors', [error]);
    // Nobody reads the logs of a request that was answered.
    current.run(undefined, () => process.stderr.write(`${format(error)}\n`));
    if (!request) process.exit(1);
  });
  process.on('exit', refuseSilentExit);
}

/** A function that ends the process must not look like a server that was told to stop. */
function refuseSilentExit(code) {
  current.getStore()?.logger.flush();
  if (code === 0) process.exitCode = 1;
}

module.exports = { stopOnSignal, surviveStrayErrors };
