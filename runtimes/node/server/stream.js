// Sends a body while it is being made, each piece at once.

'use strict';

const { AsyncResource } = require('async_hooks');

/** Ends when the body, opened before, does; or when the caller has gone: then the body is closed. */
async function stream({ incoming, outgoing, output, logger }) {
  const source = output.body;
  const caller = { gone: false, wake: undefined };
  outgoing.on('drain', () => caller.wake?.());
  // In the name of the request, since closing runs code of the function.
  outgoing.once('close', AsyncResource.bind(() => {
    if (outgoing.writableEnded) return;
    caller.gone = true;
    caller.wake?.();
    logger.flush(); // now, since a body that waits for something may never come to its end
    close(source);
  }));
  outgoing.writeHead(output.statusCode, output.headers);
  outgoing.flushHeaders();
  try {
    if (incoming.method === 'HEAD') await close(source);
    else {
      for (let piece = await source.next(); !piece.done && !caller.gone; piece = await source.next()) {
        if (outgoing.write(bytesOf(piece.value))) continue;
        await new Promise((resolve) => {
          caller.wake = resolve;
        });
      }
    }
    outgoing.end();
  } catch (error) {
    if (!caller.gone) logger.write('errors', [error]);
    outgoing.destroy(); // so that the caller can tell it from a body that is complete
  } finally {
    logger.close();
  }
}

/**
 * The pieces of a body one after the other, and a way to tell it that no more
 * are wanted. Throws if somebody else reads it.
 */
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

function bytesOf(piece) {
  return typeof piece === 'string' || piece instanceof Uint8Array ? piece : String(piece);
}

module.exports = { openBody, stream };
