// What a function answers with, and what of it goes to the front.
'use strict';

const RETURN_MISSING = 'Return statement missing. return context.res.empty() if no response is expected.';

const text = (body, statusCode = 200, headers = {}) => ({ body, statusCode, headers });

const res = {
  text,
  binary: text,
  send: text, // deprecated: it does not name the kind of the body
  json: (value, status, given) => text(toJson(value), status, withHeader(given, 'content-type', 'application/json')),
  redirect: (url, status = 301, given = {}) => text('', status, withHeader(given, 'location', url)),
  empty: () => text('', 204),
};

/** A copy of some headers in which one has a new value, however its name was written. */
function withHeader(given, name, value) {
  return Object.fromEntries([...entriesOf(given).filter(([own]) => own.toLowerCase() !== name), [name, value]]);
}

/** The headers of an object, a Map or a Headers. */
const entriesOf = (all) => (typeof all?.entries === 'function' ? [...all.entries()] : Object.entries(all ?? {}));

/** Throws for numbers that JSON has no word for, where its own writer would say null. */
function toJson(value) {
  const json = JSON.stringify(value);
  if (!json?.includes('null')) return json; // looking at every member takes long, and few texts hold that word
  return JSON.stringify(value, (_, member) => {
    if (typeof member !== 'number' || Number.isFinite(member)) return member;
    throw new RangeError(`JSON cannot express the number ${member}.`);
  });
}

/** Status, headers, and a body or the source of one, of what a function has returned. Throws if it cannot be sent. */
function partsOf(output) {
  if (typeof output !== 'object' || output === null) throw RETURN_MISSING;
  const { body, statusCode = 200, headers: given } = output;
  const headers = entriesOf(given)
    .filter(([, value]) => value !== undefined && value !== null)
    .flatMap(([name, value]) => [value].flat().map((item) => [String(name), String(item)]));
  const source = sourceOf(body);
  return { status: String(JSON.stringify(statusCode)), headers, source, body: source ? undefined : wholeBody(body) };
}

/** The pieces of a stream or an iterator, and a way to tell it that no more are wanted. Throws if it is being read. */
function sourceOf(body) {
  if (typeof body !== 'object' || body === null || body instanceof Uint8Array) return undefined;
  if (typeof body.getReader === 'function') {
    const reader = body.getReader();
    return { next: () => reader.read(), close: () => reader.cancel() };
  }
  const iterator = body[Symbol.asyncIterator]?.() ?? (typeof body.next === 'function' && body[Symbol.iterator]?.());
  // Returning from an iterator waits until it is done with its present piece; destroying a stream does not.
  const close = () => (typeof body.destroy === 'function' ? body.destroy() : iterator.return?.());
  return iterator ? { next: () => iterator.next(), close } : undefined;
}

/** Text or bytes of a body that is all there. */
function wholeBody(body) {
  if (body instanceof ArrayBuffer) return Buffer.from(body);
  if (ArrayBuffer.isView(body)) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  return typeof body === 'object' && body !== null ? toJson(body) ?? '' : String(body ?? '');
}

module.exports = { partsOf, res };
