// What a function answers with, and what of it goes to the front.

'use strict';

const res = {
  text: (body, statusCode = 200, headers = {}) => ({ body, statusCode, headers }),
  binary: (bytes, statusCode = 200, headers = {}) => ({ body: bytes, statusCode, headers }),
  /** @deprecated name the kind of the body: text, binary or json */
  send: (body, statusCode = 200, headers = {}) => ({ body, statusCode, headers }),
  json: (value, statusCode = 200, headers = {}) => ({
    body: toJson(value),
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

/** Status, headers and body of what a function has returned, as the front gets them. */
function partsOf({ body, statusCode, headers }) {
  return {
    status: JSON.stringify(statusCode === undefined ? 200 : statusCode) ?? 'undefined',
    headers: pairs(headers ?? {}),
    body: isStream(body) ? body : wholeBody(body),
  };
}

/** Names and values of an object, a Map or a Headers; a list is one of each of its items. */
function pairs(headers) {
  const entries = typeof headers.entries === 'function' ? [...headers.entries()] : Object.entries(headers);
  return entries
    .filter(([, value]) => value !== undefined && value !== null)
    .flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((item) => [String(name), String(item)]));
}

/** Throws for numbers that JSON has no word for, where its own writer would say null. */
function toJson(value) {
  const json = JSON.stringify(value);
  if (json?.includes('null')) {
    JSON.stringify(value, (_key, member) => {
      if (typeof member !== 'number' || Number.isFinite(member)) return member;
      throw new RangeError(`JSON cannot express the number ${member}.`);
    });
  }
  return json;
}

/** Text or bytes of a body that is all there. */
function wholeBody(body) {
  if (typeof body === 'string') return body;
  if (body === undefined || body === null) return '';
  if (body instanceof Uint8Array) return body;
  if (body instanceof ArrayBuffer) return Buffer.from(body);
  if (ArrayBuffer.isView(body)) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return (typeof body === 'object' ? toJson(body) : String(body)) ?? '';
}

/** Whether a body is still being made: a stream of either kind, or an iterator. */
function isStream(body) {
  if (typeof body !== 'object' || body === null || body instanceof Uint8Array) return false;
  const members = [body[Symbol.asyncIterator], body.getReader, body[Symbol.iterator] && body.next];
  return members.some((member) => typeof member === 'function');
}

module.exports = { res, isStream, partsOf };
