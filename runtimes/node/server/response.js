// The answers that a function can make, and what of them goes to the front.

'use strict';

const JSON_TYPE = 'application/json';
const RETURN_MISSING = 'Return statement missing. return context.res.empty() if no response is expected.';

const res = {
  text: make,
  binary: make,
  /** @deprecated name the kind of the body: text, binary or json */
  send: make,
  json: (value, status, headers) => make(toJson(value), status, withHeader(headers, 'content-type', JSON_TYPE)),
  redirect: (url, status = 301, headers = {}) => make('', status, withHeader(headers, 'location', url)),
  empty: () => make('', 204),
};

function make(body, statusCode = 200, headers = {}) {
  return { body, statusCode, headers };
}

/** A copy of some headers in which one has a new value, however its name was written. */
function withHeader(headers, name, value) {
  const others = entriesOf(headers).filter(([given]) => given.toLowerCase() !== name);
  return Object.fromEntries([...others, [name, value]]);
}

/** The headers of an object, a Map or a Headers. */
function entriesOf(headers) {
  return typeof headers?.entries === 'function' ? [...headers.entries()] : Object.entries(headers ?? {});
}

function toJson(value) {
  const text = JSON.stringify(value);
  // Numbers that JSON has no word for become null; looking at every member takes long, and few texts hold that.
  if (text?.includes('null')) JSON.stringify(value, refuseNumber);
  return text;
}

function refuseNumber(key, member) {
  if (typeof member !== 'number' || Number.isFinite(member)) return member;
  throw new TypeError(`JSON cannot express the number ${member}.`);
}

/** What a function returned: status, pairs of header names and values, and a body or a source of its pieces. */
function partsOf(output) {
  if (typeof output !== 'object' || output === null) throw RETURN_MISSING;
  const { body, statusCode, headers } = output;
  const status = statusCode === undefined ? '200' : String(JSON.stringify(statusCode));
  const lines = [];
  for (const [name, value] of entriesOf(headers)) {
    if (value === undefined || value === null) continue;
    for (const item of Array.isArray(value) ? value : [value]) lines.push([String(name), String(item)]);
  }
  return isStream(body) ? { status, lines, source: open(body) } : { status, lines, body: wholeBody(body) };
}

/** Text or bytes of a body, or of a piece of one, that is all there. */
function wholeBody(body) {
  if (typeof body === 'string' || body instanceof Uint8Array) return body;
  if (body === undefined || body === null) return '';
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

/** The pieces of a body one after the other, and a way to end it. Throws if somebody else reads it. */
function open(body) {
  if (typeof body.getReader === 'function') {
    const reader = body.getReader();
    return source(() => reader.read(), () => reader.cancel());
  }
  const iterator = (body[Symbol.asyncIterator] ?? body[Symbol.iterator]).call(body);
  // Returning from an iterator waits until it is done with its present piece; destroying a stream does not.
  return source(() => iterator.next(), () => (body.destroy ? body.destroy() : iterator.return?.()));
}

function source(next, close) {
  return {
    async next() {
      const { done, value } = await next();
      return { done, value: done ? '' : wholeBody(value) };
    },
    close: async () => close(),
  };
}

module.exports = { res, partsOf };
