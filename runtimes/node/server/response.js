// What a function answers with, and how that reads on the wire.

'use strict';

const RESERVED_PREFIX = 'x-open-runtimes-';
// Framing belongs to the server: what the function says of it could disagree with the body.
const FRAMING = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive']);

const res = Object.freeze({
  text: (body, statusCode = 200, headers = {}) => ({ body, statusCode, headers }),
  binary: (bytes, statusCode = 200, headers = {}) => ({ body: bytes, statusCode, headers }),
  /** @deprecated name the kind of the body: text, binary or json */
  send: (body, statusCode = 200, headers = {}) => ({ body, statusCode, headers }),
  json: (value, statusCode = 200, headers = {}) => ({
    body: JSON.stringify(value),
    statusCode,
    headers: withHeader(headers, 'content-type', 'application/json'),
  }),
  redirect: (url, statusCode = 301, headers = {}) => ({ body: '', statusCode, headers: withHeader(headers, 'location', url) }),
  empty: () => ({ body: '', statusCode: 204, headers: {} }),
});

/** A copy of some headers in which one has a new value, however its name was written. */
function withHeader(headers, name, value) {
  const copy = {};
  for (const given of Object.keys(headers)) if (given.toLowerCase() !== name) copy[given] = headers[given];
  copy[name] = value;
  return copy;
}

/** The headers that go out. Throws if the function's are none. */
function outgoingHeaders(headers, logId) {
  const outgoing = {};
  let contentType = 'text/plain';
  for (const name of Object.keys(headers)) {
    const lower = name.toLowerCase();
    const value = headers[name];
    if (lower === 'content-type') contentType = String(Array.isArray(value) ? value[value.length - 1] : value);
    else if (!lower.startsWith(RESERVED_PREFIX) && !FRAMING.has(lower)) outgoing[lower] = Array.isArray(value) ? value.map(String) : String(value);
  }
  outgoing['content-type'] = withCharset(contentType);
  outgoing['x-open-runtimes-log-id'] = logId;
  return outgoing;
}

function withCharset(contentType) {
  if (contentType === 'application/json') return 'application/json; charset=utf-8';
  const semicolon = contentType.indexOf(';');
  const media = semicolon === -1 ? contentType : contentType.slice(0, semicolon);
  const whole = media.toLowerCase() + (semicolon === -1 ? '' : contentType.slice(semicolon));
  return whole.startsWith('multipart/') || /charset=/i.test(whole) ? whole : `${whole}; charset=utf-8`;
}

/** Text or bytes of a body that is all there, or undefined for one that is still being made. */
function wholeBody(body) {
  if (typeof body === 'string') return body;
  if (body === undefined || body === null) return '';
  if (body instanceof Uint8Array) return body;
  if (body instanceof ArrayBuffer) return Buffer.from(body);
  if (ArrayBuffer.isView(body)) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (isStream(body)) return undefined;
  return typeof body === 'object' ? JSON.stringify(body) : String(body);
}

function isStream(body) {
  return typeof body === 'object' && (typeof body[Symbol.asyncIterator] === 'function' || typeof body.getReader === 'function' || (typeof body[Symbol.iterator] === 'function' && typeof body.next === 'function'));
}

module.exports = { res, outgoingHeaders, wholeBody };
