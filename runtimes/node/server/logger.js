// What a function says through its context, as text. Nothing in here throws, whatever a value does.

'use strict';

const { record } = require('./native.js');

/** Writes one message of a call. `kind`: `log` or `error`. */
function write(kind, call, values) {
  record(kind, call, values.map(format).join(' '));
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

module.exports = { write, format };
