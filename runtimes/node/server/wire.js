// Reads messages and writes answers, as the front's inner contract has them (runtimes/agent/README.md).

'use strict';

const EMPTY = Buffer.alloc(0);
const LARGE = 1 << 16;

/** Gives each message of a connection to `take`, one after the other. */
function read(socket, take) {
  let pieces = [];
  let size = 0;
  let message;
  socket.on('error', () => {}); // the front has given up what this connection was for
  socket.on('data', (chunk) => {
    pieces.push(chunk);
    size += chunk.length;
    if (message && size < message.length) return;
    let bytes = pieces.length === 1 ? chunk : Buffer.concat(pieces, size);
    if (!message) {
      const end = bytes.indexOf('\r\n\r\n');
      if (end !== -1) {
        message = parse(bytes.toString('utf8', 0, end));
        bytes = bytes.subarray(end + 4);
      }
    }
    [pieces, size] = [[bytes], bytes.length];
    if (!message || size < message.length) return;
    const whole = message;
    [pieces, size, message] = [[], 0, undefined];
    whole.body = bytes;
    take(whole, socket);
  });
}

function parse(text) {
  const [first, kind, ...lines] = text.split('\r\n');
  const [method, target] = first.split(' ');
  const headers = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    const name = line.slice(0, colon);
    // A header may be named like a member that every object has.
    if (name === '__proto__') Object.defineProperty(headers, name, { value: line.slice(colon + 2), enumerable: true });
    else headers[name] = line.slice(colon + 2);
  }
  const said = kind.slice(kind.indexOf(':') + 2);
  const control = kind.startsWith('x-open-runtimes-control:') ? said : undefined;
  return { method, target, headers, control, call: said, length: Number(headers['content-length'] ?? 0), body: EMPTY };
}

// oxlint-disable-next-line no-control-regex -- it is they that are looked for
const SPECIAL = /[\0-\x1f\x7f%:]/g;

function escape(text) {
  return text.replace(SPECIAL, (character) => `%${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}

function head({ status, headers }, framing) {
  let text = `HTTP/1.1 ${escape(status)}\r\n${framing}\r\n`;
  for (const [name, value] of headers) text += `${escape(name)}: ${escape(value)}\r\n`;
  return `${text}\r\n`;
}

/** `body` is text or bytes. */
function answer(socket, { status, headers, body }) {
  const isText = typeof body === 'string';
  const start = head({ status, headers }, `content-length: ${isText ? Buffer.byteLength(body) : body.length}`);
  if (isText && body.length < LARGE) return void socket.write(start + body);
  socket.cork();
  socket.write(start);
  socket.write(body);
  socket.uncork();
}

/** `failure`: `load` or `error`; why is in the log. */
function fail(socket, status, failure) {
  socket.write(`HTTP/1.1 ${status} ${failure}\r\ncontent-length: 0\r\n\r\n`);
}

function beginStream(socket, { status, headers }) {
  socket.write(head({ status, headers }, 'transfer-encoding: chunked'));
}

/** Says whether there is room for more. */
function sendPiece(socket, value) {
  const bytes = value instanceof Uint8Array ? value : Buffer.from(String(value));
  if (bytes.length === 0) return true;
  socket.cork();
  socket.write(`${bytes.length.toString(16)}\r\n`);
  socket.write(bytes);
  const hasRoom = socket.write('\r\n');
  socket.uncork();
  return hasRoom;
}

function endStream(socket, { failed }) {
  socket.write(failed ? 'failed\r\n' : '0\r\n\r\n');
}

module.exports = { answer, beginStream, endStream, fail, read, sendPiece };
