// Sends a body while it is being made, each piece at once.

'use strict';

const { once } = require('events');

/** Ends when the body does, or when the caller has gone; the function's own clean-up runs in both cases. */
async function stream({ incoming, outgoing, output, logger }) {
  outgoing.writeHead(output.statusCode, output.headers);
  outgoing.flushHeaders();
  try {
    if (incoming.method !== 'HEAD') {
      for await (const chunk of pieces(output.body)) {
        if (outgoing.destroyed || outgoing.socket === null) break;
        const bytes = typeof chunk === 'string' || chunk instanceof Uint8Array ? chunk : String(chunk);
        if (!outgoing.write(bytes)) await Promise.race([once(outgoing, 'drain'), once(outgoing, 'close')]);
      }
    }
    outgoing.end();
  } catch (error) {
    logger.write('errors', [error]);
    outgoing.destroy(); // so that the caller can tell it from a body that is complete
  } finally {
    logger.close();
  }
}

/** Web streams are iterable only since Node.js 18. */
async function* pieces(body) {
  if (typeof body[Symbol.asyncIterator] === 'function' || typeof body[Symbol.iterator] === 'function') {
    yield* body;
    return;
  }
  const reader = body.getReader();
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
  } finally {
    await reader.cancel().catch(() => {});
  }
}

module.exports = { stream };
