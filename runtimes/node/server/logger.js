// Records for the front: what the function says through its context, as text.

'use strict';

const fs = require('fs');

const RECORDS = 3;

/** `kind`: `log`, `error` or `native`. Whatever ends the process, it stays. */
function record(kind, call, text) {
  const bytes = typeof text === 'string' ? Buffer.from(text) : text;
  let left = Buffer.concat([Buffer.from(`${kind} ${call} ${bytes.length}\n`), bytes, Buffer.from('\n')]);
  while (left.length > 0) {
    try {
      left = left.subarray(fs.writeSync(RECORDS, left));
    } catch (error) {
      if (error.code !== 'EAGAIN') return; // whoever listened has gone
    }
  }
}

/** Writes what a function logs. */
function write(kind, call, values) {
  record(kind, call, values.length === 1 ? format(values[0]) : values.map(format).join(' '));
}

/** Strings as they are, objects as compact JSON, errors with their stack, anything else its usual text. */
function format(value) {
  try {
    if (typeof value === 'string') return value;
    if (value instanceof Error) return describe(value);
    if (typeof value !== 'object' || value === null) return String(value);
    if (value instanceof Date) return value.toISOString();
    if (value instanceof URL) return value.href;
    return toJson(value);
  } catch {
    return textOf(value);
  }
}

/** An error's stack, with the message in it even where the two have come apart. */
function describe(error) {
  if (!(error instanceof Error)) return format(error);
  const { stack, message } = error;
  return typeof stack === 'string' && stack.includes(message) ? stack : `${error.name}: ${message}\n${stack}`;
}

function toJson(value) {
  const ancestors = [];
  const json = JSON.stringify(value, function replace(key, member) {
    const original = this[key];
    if (typeof original === 'bigint') return original.toString();
    if (original instanceof Error) return describe(original);
    if (original instanceof URL) return original.href;
    if (typeof member !== 'object' || member === null) return member;
    // The objects that lead here; those after the one that holds this member have been left again.
    while (ancestors.length > 0 && ancestors[ancestors.length - 1].seen !== this) ancestors.pop();
    if (ancestors.some((ancestor) => ancestor.original === member)) return '[Circular]';
    const seen = member instanceof Map || member instanceof Set ? [...member] : member;
    ancestors.push({ original: member, seen });
    return seen;
  });
  return json === undefined ? textOf(value) : json;
}

function textOf(value) {
  try {
    return Object.prototype.toString.call(value);
  } catch {
    return '[object]';
  }
}

module.exports = { describe, format, record, write };
