// The request that a function sees.

'use strict';

class Request {
  #bytes;
  #query;

  constructor({ method, target, headers, body }) {
    this.#bytes = body;
    this.method = method;
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
    this.headers = headers;
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

module.exports = { Request };
