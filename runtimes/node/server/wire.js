// Reads calls and writes answers, as the front's inner contract has them (runtimes/agent/README.md).

'use strict';

const { AsyncResource } = require('async_hooks');

// In a header's name or value: control characters, and what has a meaning in the line itself.
const NOT_AS_IT_IS = /[^ -$&-9;-~\u0080-\uffff]/g;

/** Calls `take` with each message that comes on a connection; the next comes when this one has been answered. */
function receive(socket, take) {
  let pieces = [];
  let message;
  let missing = 0;
  socket.on('data', (piece) => {
    pieces.push(piece);
    missing -= piece.length;
    if (!message) {
      const bytes = Buffer.concat(pieces);
      const end = bytes.indexOf('\r\n\r\n');
      if (end === -1) return;
      message = readHead(bytes.toString('utf8', 0, end));
      pieces = [bytes.subarray(end + 4)];
      missing = Number(message.headers['content-length'] ?? 0) - pieces[0].length;
    }
    if (missing > 0) return;
    const complete = { ...message, body: pieces.length === 1 ? pieces[0] : Buffer.concat(pieces) };
    pieces = [];
    message = undefined;
    take(complete);
  });
}

/** The first header, which says what the message is, is none of the others. */
function readHead(text) {
  const [start, control, ...lines] = text.split('\r\n');
  const [method, target] = start.split(' ', 2);
  const [kind, value] = control.split(': ', 2);
  const headers = {};
  for (const line of lines) {
    const colon = line.indexOf(': ');
    headers[line.slice(0, colon)] = line.slice(colon + 2);
  }
  return { kind, value, method, target, headers };
}

/** `lines`: pairs of header names and values. `body`: text or bytes. */
function answer(socket, { status, lines = [], body = '' }) {
  const start = head(status, `content-length: ${Buffer.byteLength(body)}`, lines);
  if (typeof body === 'string') return socket.write(start + body);
  socket.cork();
  socket.write(start);
  socket.write(body);
  socket.uncork();
}

/** `failure`: `error` or `load`. */
function fail(socket, status, failure) {
  socket.write(`HTTP/1.1 ${status} ${failure}\r\ncontent-length: 0\r\n\r\n`);
}

/** Sends each piece at once, no faster than they are taken; closes the body when nobody wants the rest. */
async function stream(socket, { status, lines, source }, onError) {
  const front = { gone: false, wake: undefined };
  const drained = () => front.wake?.();
  // In the name of the call, since closing runs code of the function. Nobody is left to be told if that fails.
  const leave = AsyncResource.bind(() => {
    front.gone = true;
    front.wake?.();
    source.close().catch(() => {});
  });
  if (socket.destroyed) return leave();
  socket.on('drain', drained).once('close', leave);
  try {
    socket.write(head(status, 'transfer-encoding: chunked', lines));
    for (let piece = await source.next(); !piece.done && !front.gone; piece = await source.next()) {
      const bytes = Buffer.from(piece.value);
      if (bytes.length === 0) continue;
      const chunk = [Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')];
      if (!socket.write(Buffer.concat(chunk))) await new Promise((go) => (front.wake = go));
    }
    socket.write('0\r\n\r\n');
  } catch (error) {
    if (front.gone) return;
    onError(error);
    socket.write('failed\r\n');
  } finally {
    socket.off('drain', drained).off('close', leave);
  }
}

function head(status, framing, lines) {
  const fields = lines.map(([name, value]) => `${escape(name)}: ${escape(value)}\r\n`).join('');
  return `HTTP/1.1 ${escape(status).replace(/ /g, '%20')}\r\n${framing}\r\n${fields}\r\n`;
}

function escape(text) {
  return text.replace(NOT_AS_IT_IS, (one) => `%${one.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

module.exports = { receive, answer, fail, stream };
