// How the server ends: by SIGTERM after what is in flight, or visibly by what a function did.

'use strict';

const config = require('./config.js');
const { format } = require('./format.js');
const { current } = require('./native.js');

/** Ends the server at SIGTERM: no new connections, idle ones closed, busy ones after their answer, all of them after the limit. */
function stopOnSignal(server) {
  const sockets = new Map();
  let stopping = false;
  server.on('connection', (socket) => {
    sockets.set(socket, 0);
    socket.setNoDelay(true);
    socket.once('close', () => sockets.delete(socket));
  });
  server.prependListener('request', (request, response) => {
    const { socket } = request;
    sockets.set(socket, sockets.get(socket) + 1);
    if (stopping) response.shouldKeepAlive = false;
    response.once('close', () => {
      if (!sockets.has(socket)) return;
      const busy = sockets.get(socket) - 1;
      sockets.set(socket, busy);
      if (stopping && busy === 0) socket.end();
    });
  });
  process.once('SIGTERM', () => {
    stopping = true;
    process.off('exit', refuseSilentExit);
    server.close(() => process.exit(0));
    for (const [socket, busy] of sockets) if (busy === 0) socket.end();
    setTimeout(() => process.exit(0), config.DRAIN_MS).unref();
  });
}

/** Errors that nobody catches end the call that left them, or are logged if it has returned; without a request they end the process. */
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
