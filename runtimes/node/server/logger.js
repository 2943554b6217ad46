// The log files of one request: what the function says through its context, and what it prints natively.

'use strict';

const crypto = require('crypto');
const fs = require('fs');
const { StringDecoder } = require('string_decoder');
const config = require('./config.js');
const { format } = require('./format.js');

const MESSAGE_LIMIT = 8_000;
const TRUNCATED = '... Log truncated due to size limit (8000 characters)';
const NATIVE_DETECTED = 'Native logs detected. Use context.log() or context.error() for better experience.';
const ID_PATTERN = /^[A-Za-z0-9_-]{1,64}$/;

// Ids are a random part of this process and a counter: unique, and much cheaper than random bytes for each request.
const PROCESS_PART = crypto.randomBytes(6).toString('hex');
let counter = crypto.randomBytes(3).readUIntBE(0, 3);

function generateId() {
  if (config.DEVELOPMENT) return 'dev';
  counter = (counter + 1) % 2 ** 32;
  return PROCESS_PART + counter.toString(16).padStart(8, '0');
}

/** Each message is in its file when the call that writes it returns: whatever ends the process, it stays. */
class Logger {
  /** Empty when logging is off. */
  id = '';
  open = false;
  #nativeSeen = false;
  #files = { logs: undefined, errors: undefined };
  #nativeLine = '';
  #decoder;

  constructor({ logging, id }) {
    if (logging !== undefined && logging !== '' && logging !== 'enabled') return;
    this.id = id !== undefined && ID_PATTERN.test(id) ? id : generateId();
    this.open = true;
  }

  /** Writes one message. `kind` is `logs` or `errors`. */
  write(kind, values) {
    if (!this.open) return;
    if (this.#nativeLine !== '') this.#endNativeLine();
    let message = values.length === 1 ? format(values[0]) : values.map(format).join(' ');
    if (message.length > MESSAGE_LIMIT) message = truncate(message);
    try {
      this.#files[kind] ??= fs.openSync(fileOf(this.id, kind), 'a');
      fs.appendFileSync(this.#files[kind], `${message}\n`);
    } catch (error) {
      process.emitWarning(`A log cannot be written: ${error.message}`); // it is lost, not the request
    }
  }

  /** What the function printed instead of logging it; lines and characters of it may come in pieces. */
  writeNative(chunk) {
    if (!this.open) return;
    const text = typeof chunk === 'string' ? chunk : (this.#decoder ??= new StringDecoder()).write(chunk);
    const lines = (this.#nativeLine + text).split('\n');
    this.#nativeLine = '';
    const rest = lines.pop();
    for (const line of lines) this.#writeNativeLine(line);
    // A line without an end must not grow for ever.
    if (rest.length > MESSAGE_LIMIT) this.#writeNativeLine(rest);
    else this.#nativeLine = rest;
  }

  /** Ends the line that the function has begun to print. */
  flush() {
    if (this.#nativeLine !== '') this.#endNativeLine();
  }

  /** What is written from now on never appears. */
  close() {
    if (!this.open) return;
    this.flush();
    this.open = false;
    for (const file of Object.values(this.#files)) if (file !== undefined) fs.closeSync(file);
  }

  #endNativeLine() {
    const line = this.#nativeLine;
    this.#nativeLine = '';
    this.#writeNativeLine(line);
  }

  #writeNativeLine(line) {
    if (!this.#nativeSeen) {
      this.#nativeSeen = true;
      this.write('logs', [NATIVE_DETECTED]);
    }
    this.write('logs', [line]);
  }
}

/** Counts characters, which may be two units of a string, so that none is cut in half. */
function truncate(message) {
  let end = 0;
  for (let count = 0; count < MESSAGE_LIMIT && end < message.length; count += 1) {
    end += message.codePointAt(end) > 0xffff ? 2 : 1;
  }
  return end < message.length ? message.slice(0, end) + TRUNCATED : message;
}

/** Reads and deletes the files of an id: the answer of the path for log collection. */
function collectLogs(id) {
  const take = (kind) => {
    if (!ID_PATTERN.test(id)) return '';
    try {
      const text = fs.readFileSync(fileOf(id, kind), 'utf8');
      fs.unlinkSync(fileOf(id, kind));
      return text;
    } catch {
      return '';
    }
  };
  return JSON.stringify({ logs: take('logs'), errors: take('errors') });
}

function fileOf(id, kind) {
  return `${config.LOGS_FOLDER}/${id}_${kind}.log`;
}

module.exports = { Logger, collectLogs };
