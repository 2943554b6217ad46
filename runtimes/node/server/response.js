// What a function answers with, and how that reads on the wire.

'use strict';

const { validateHeaderName, validateHeaderValue } = require('http');

const RESERVED_PREFIX = 'x-open-runtimes-';
// Framing belongs to the server: what the function says of it could disagree with the body.
const FRAMING = new Set(['content-length', 'transfer-encoding', 'connection', 'keep-alive']);

const res = {
  text: (body, statusCode = 200, headers = {}) => ({ body, statusCode, headers }),
  binary: (bytes, statusCode = 200, headers = {}) => ({ body: bytes, statusCode, headers }),
  /** @deprecated name the kind of the body: text, binary or json */
  send: (body, statusCode = 200, headers = {}) => ({ body, statusCode, headers }),
  json: (value, statusCode = 200, headers = {}) => ({
    body: JSON.stringify(value),
    statusCode,
    headers: withHeader(headers, 'content-type', 'application/json'),
  }),
  redirect: (url, statusCode = 301, headers = {}) => ({
    body: '',
    statusCode,
    headers: withHeader(headers, 'location', url),
  }),
  empty: () => ({ body: '', statusCode: 204, headers: {} }),
};

/** A copy of some headers in which one has a new value, however its name was written. */
function withHeader(headers, name, value) {
  const copy = {};
  for (const given of Object.keys(headers)) if (given.toLowerCase() !== name) copy[given] = headers[given];
  copy[name] = value;
  return copy;
}

/** The status that goes out. Throws if the function's is none that can end a request. */
function outgoingStatus(statusCode) {
  const status = Number(statusCode);
  if (!Number.isInteger(status) || status < 200 || status > 999) {
    throw new RangeError(`Invalid status code: ${statusCode}`);
  }
  return status;
}

/** The headers that go out, of an object, a Map or a Headers. Throws if some cannot be sent. */
function outgoingHeaders(headers, logId) {
  const outgoing = {};
  let contentType = 'text/plain';
  for (const [name, value] of typeof headers.entries === 'function' ? headers.entries() : Object.entries(headers)) {
    if (value === undefined || value === null) continue;
    const lower = name.toLowerCase();
    if (lower === 'content-type') contentType = String(Array.isArray(value) ? value[value.length - 1] : value);
    else if (!lower.startsWith(RESERVED_PREFIX) && !FRAMING.has(lower)) {
      outgoing[lower] = headerValue(lower, value, outgoing[lower]);
    }
  }
  outgoing['content-type'] = headerValue('content-type', withCharset(contentType));
  outgoing['x-open-runtimes-log-id'] = logId;
  return outgoing;
}

function headerValue(name, value, earlier) {
  validateHeaderName(name);
  const texts = Array.isArray(value) ? value.map(String) : [String(value)];
  for (const text of texts) validateHeaderValue(name, text);
  // Cookies cannot be joined, so a Headers names each of them.
  return name === 'set-cookie' && earlier !== undefined ? earlier.concat(texts) : texts;
}

function withCharset(contentType) {
  if (contentType === 'application/json') return 'application/json; charset=utf-8';
  const semicolon = contentType.indexOf(';');
  const media = semicolon === -1 ? contentType : contentType.slice(0, semicolon);
  const whole = media.toLowerCase() + (semicolon === -1 ? '' : contentType.slice(semicolon));
  return whole.startsWith('multipart/') || /charset=/i.test(whole) ? whole : `${whole}; charset=utf-8`;
}

/** Text or bytes of a body that is all there. */
function wholeBody(body) {
  if (typeof body === 'string') return body;
  if (body === undefined || body === null) return '';
  if (body instanceof Uint8Array) return body;
  if (body instanceof ArrayBuffer) return Buffer.from(body);
  if (ArrayBuffer.isView(body)) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return (typeof body === 'object' ? JSON.stringify(body) : String(body)) ?? '';
}

/** Whether a body is still being made: a stream of either kind, or an iterator. */
function isStream(body) {
  if (typeof body !== 'object' || body === null || body instanceof Uint8Array) return false;
  const members = [body[Symbol.asyncIterator], body.getReader, body[Symbol.iterator] && body.next];
  return members.some((member) => typeof member === 'function');
}

module.exports = { res, outgoingHeaders, outgoingStatus, isStream, wholeBody };
