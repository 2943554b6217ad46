// Reads messages and writes answers, as the front's inner contract has them (runtimes/agent/README.md).
'use strict';

const { AsyncResource } = require('async_hooks');

const HEAD_END = '\r\n\r\n';
// oxlint-disable-next-line no-control-regex -- it is they that are meant
const SPECIAL = /[\0-\x1f\x7f%:]/g;
const escape = (text) => text.replace(SPECIAL, (one) => `%${one.charCodeAt(0).toString(16).padStart(2, '0')}`);

/** Calls `take` with each message of a connection: there is no next one before its answer. */
function read(socket, take) {
  let [pieces, size, wanted] = [[], 0, 0];
  socket.on('error', () => {}); // the front has given up what this connection was for
  socket.on('data', (piece) => {
    pieces.push(piece);
    size += piece.length;
    if (size < wanted) return;
    const bytes = Buffer.concat(pieces);
    const end = bytes.indexOf(HEAD_END);
    if (end === -1) return;
    // The first header, which says what the message is, is none of the function's.
    const [start, first, ...lines] = bytes.toString('utf8', 0, end).split('\r\n');
    const headers = Object.fromEntries(lines.map((line) => cut(line, ': ')));
    wanted = end + HEAD_END.length + Number(headers['content-length'] ?? 0);
    if (size < wanted) return;
    [pieces, size, wanted] = [[], 0, 0];
    const [[kind, id], [method, target]] = [cut(first, ': '), start.split(' ')];
    take({ kind, id, method, target, headers, body: bytes.subarray(end + HEAD_END.length) }, socket);
  });
}

/** What stands before and after the first separator. */
function cut(text, separator) {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}

/** `body` is text or bytes. */
function answer(socket, { status, headers, body }) {
  const start = head({ status, headers, framing: `content-length: ${Buffer.byteLength(body)}` });
  socket.write(typeof body === 'string' ? start + body : Buffer.concat([Buffer.from(start), body]));
}

/** Sends each piece when it is there and the one before has been taken. Throws what the source does. */
async function stream(socket, { status, headers, source }) {
  // In the name of the call, since closing runs code of the function.
  const close = AsyncResource.bind(() => void Promise.resolve().then(source.close).catch(() => {}));
  if (socket.destroyed) return close();
  socket.once('close', close).write(head({ status, headers, framing: 'transfer-encoding: chunked' }));
  try {
    for (let piece = await source.next(); !piece.done && !socket.destroyed; piece = await source.next()) {
      const bytes = piece.value instanceof Uint8Array ? piece.value : Buffer.from(String(piece.value));
      if (bytes.length === 0) continue;
      const chunk = Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
      // A source that always has more must not keep other calls from their turn.
      await new Promise((resolve) => socket.write(chunk, () => setImmediate(resolve)));
    }
    socket.write('0\r\n\r\n');
  } finally {
    if (socket.off('close', close).destroyed) close();
  }
}

function head({ status, headers, framing }) {
  const lines = [`HTTP/1.1 ${escape(status)}`, framing];
  for (const [name, value] of headers) lines.push(`${escape(name)}: ${escape(value)}`);
  return lines.join('\r\n') + HEAD_END;
}

module.exports = { answer, cut, read, stream };
