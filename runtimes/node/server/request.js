// The request that a function sees.

'use strict';

const config = require('./config.js');

const RESERVED_PREFIX = 'x-open-runtimes-';
const hasOwn = Object.prototype.hasOwnProperty;

/** The headers of a message, names in lower case, repeated ones joined. */
function readHeaders(rawHeaders) {
  const headers = {};
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i].toLowerCase();
    const value = rawHeaders[i + 1];
    // A header may be named like a member that every object has.
    headers[name] = hasOwn.call(headers, name) ? `${headers[name]}${name === 'cookie' ? '; ' : ', '}${value}` : value;
  }
  return headers;
}

class Request {
  #bytes;
  #query;

  /** `headers` as `readHeaders` made them; this object takes them over. */
  constructor({ method, target, headers, bytes }) {
    this.#bytes = bytes;
    this.method = method.toUpperCase();
    this.scheme = headers['x-forwarded-proto'] || 'http';
    const defaultPort = this.scheme === 'https' ? 443 : 80;
    const host = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(headers.host || '');
    this.host = host ? host[1] : headers.host;
    this.port = host && host[2] ? Number(host[2]) : defaultPort;
    const question = target.indexOf('?');
    this.path = question === -1 ? target : target.slice(0, question);
    this.queryString = question === -1 ? '' : target.slice(question + 1);
    const port = this.port === defaultPort ? '' : `:${this.port}`;
    const query = this.queryString === '' ? '' : `?${this.queryString}`;
    this.url = `${this.scheme}://${this.host}${port}${this.path}${query}`;
    this.headers = visibleHeaders(headers);
  }

  get query() {
    return (this.#query ??= parseQuery(this.queryString));
  }

  get bodyBinary() {
    return this.#bytes;
  }

  get bodyText() {
    return this.#bytes.toString('utf8');
  }

  /** @deprecated the old name of bodyText */
  get bodyRaw() {
    return this.bodyText;
  }

  get bodyJson() {
    try {
      return JSON.parse(this.bodyText);
    } catch (cause) {
      throw Object.assign(new SyntaxError(`Invalid JSON in the request body: ${cause.message}`), { cause });
    }
  }

  get body() {
    const contentType = this.headers['content-type'];
    if (contentType === undefined || !contentType.toLowerCase().startsWith('application/json')) return this.bodyText;
    return this.#bytes.length === 0 ? {} : this.bodyJson;
  }
}

function visibleHeaders(headers) {
  for (const name in headers) if (name.startsWith(RESERVED_PREFIX)) delete headers[name];
  if (headers.authorization === config.AUTHORIZATION) delete headers.authorization;
  for (const [name, value] of config.ENFORCED_HEADERS) headers[name] = value;
  return headers;
}

function parseQuery(queryString) {
  const query = {};
  for (const part of queryString === '' ? [] : queryString.split('&')) {
    const equals = part.indexOf('=');
    const name = equals === -1 ? part : part.slice(0, equals);
    const value = equals === -1 ? '' : part.slice(equals + 1);
    if (name !== '') {
      // Assigning to `__proto__` would not make a member of that name.
      Object.defineProperty(query, name, { value, enumerable: true, writable: true, configurable: true });
    }
  }
  return query;
}

module.exports = { Request, readHeaders };
