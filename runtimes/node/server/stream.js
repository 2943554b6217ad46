// Sends a body while it is being made, each piece at once.

'use strict';

const { AsyncResource } = require('async_hooks');
const { describe, record } = require('./logger.js');
const wire = require('./wire.js');

/** Ends when the body, opened before, does; or when nobody wants more of it: then the body is closed. */
async function stream({ socket, status, headers, source, call }) {
  const reader = { gone: false, wake: undefined };
  const wake = () => reader.wake?.();
  // In the name of the call, since closing runs code of the function.
  const leave = AsyncResource.bind(() => {
    reader.gone = true;
    wake();
    close(source);
  });
  socket.on('drain', wake).once('close', leave);
  wire.beginStream(socket, { status, headers });
  let failed = false;
  try {
    for (let piece = await source.next(); !piece.done && !reader.gone; piece = await source.next()) {
      if (wire.sendPiece(socket, piece.value)) continue;
      await new Promise((resolve) => {
        reader.wake = resolve;
      });
    }
  } catch (error) {
    failed = true;
    if (!reader.gone) record('error', call, describe(error));
  }
  socket.off('drain', wake).off('close', leave);
  if (!reader.gone) wire.endStream(socket, { failed });
}

/** The pieces of a body, and a way to tell it that no more are wanted. Throws if somebody else reads it. */
function openBody(body) {
  if (typeof body.getReader === 'function') {
    const reader = body.getReader();
    return { next: () => reader.read(), close: () => reader.cancel() };
  }
  const iterator = (body[Symbol.asyncIterator] ?? body[Symbol.iterator]).call(body);
  // Returning from an iterator waits until it is done with its present piece; destroying a stream does not.
  return {
    next: () => iterator.next(),
    close: () => (typeof body.destroy === 'function' ? body.destroy() : iterator.return?.()),
  };
}

async function close(source) {
  try {
    await source.close();
  } catch {
    // Nobody is left to be told.
  }
}

module.exports = { openBody, stream };
