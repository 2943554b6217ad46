// Records for the front: what a function logs, as text, and what it prints natively.
'use strict';

const { AsyncLocalStorage } = require('async_hooks');
const { writeSync } = require('fs'); // now, since a function may put another in its place

const RECORDS = 3;

/** Holds, for all code that runs on behalf of a call, that call. */
const current = new AsyncLocalStorage();

/** `kind`: `log`, `error` or `native`. It has been written when this returns: whatever ends the process, it stays. */
function record(kind, id, text) {
  const bytes = Buffer.from(text);
  let left = Buffer.concat([Buffer.from(`${kind} ${id} ${bytes.length}\n`), bytes, Buffer.from('\n')]);
  while (left.length > 0) {
    try {
      left = left.subarray(writeSync(RECORDS, left));
    } catch (error) {
      if (error.code !== 'EAGAIN') return; // the front has gone
    }
  }
}

/** What a call prints becomes records of it; all else is the container's own output. */
function captureNativeOutput() {
  for (const stream of [process.stdout, process.stderr]) {
    const { write } = stream;
    stream.write = function writeNative(chunk, ...rest) {
      const call = current.getStore();
      if (!call) return write.call(stream, chunk, ...rest);
      const encoding = typeof rest[0] === 'string' ? rest[0] : 'utf8';
      record('native', call.id, typeof chunk === 'string' ? Buffer.from(chunk, encoding) : chunk);
      const done = rest.find((one) => typeof one === 'function');
      if (done) process.nextTick(done);
      return true;
    };
  }
}

/** Strings as they are, objects as compact JSON, errors with their stack, all else its usual text. Never throws. */
function format(value) {
  try {
    if (value instanceof Error) return describe(value);
    if (typeof value !== 'object' || value === null) return String(value);
    if (value instanceof Date || value instanceof URL) return String(value.toJSON() ?? value);
    return toJson(value) ?? textOf(value);
  } catch {
    return textOf(value);
  }
}

/** An error's stack, with the message in it even where the two have come apart. */
function describe({ name, message, stack }) {
  return typeof stack === 'string' && stack.includes(message) ? stack : `${name}: ${message}\n${stack}`;
}

function toJson(value) {
  const path = []; // from the outermost object to the one that is being written: each, and what stands for it
  return JSON.stringify(value, function replace(key, member) {
    if (this[key] instanceof Error) return describe(this[key]);
    if (typeof member === 'bigint') return String(member);
    if (typeof member !== 'object' || member === null) return member;
    while (path.length > 0 && path[path.length - 1].shown !== this) path.pop();
    if (path.some(({ object }) => object === member)) return '[Circular]';
    const shown = member instanceof Map || member instanceof Set ? [...member] : member;
    path.push({ object: member, shown });
    return shown;
  });
}

function textOf(value) {
  try { return Object.prototype.toString.call(value); } catch { return '[object]'; }
}

module.exports = { captureNativeOutput, current, format, record };
