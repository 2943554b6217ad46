// The request that a function sees.

'use strict';

class Request {
  #bytes;
  #query;

  constructor({ method, target, headers, body }) {
    this.#bytes = body;
    this.method = method.toUpperCase();
    this.scheme = headers['x-forwarded-proto'] || 'http';
    const defaultPort = this.scheme === 'https' ? 443 : 80;
    const [, host = headers.host, port] = /^(\[[^\]]*\]|[^:]*)(?::(\d+))?$/.exec(headers.host || '') ?? [];
    this.host = host;
    this.port = port ? Number(port) : defaultPort;
    const [, path, search] = /^([^?]*)(.*)$/s.exec(target);
    this.path = path;
    this.queryString = search.slice(1);
    const origin = `${this.scheme}://${host}${this.port === defaultPort ? '' : `:${this.port}`}`;
    this.url = `${origin}${path}${search === '?' ? '' : search}`;
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
    if (!/^application\/json/i.test(this.headers['content-type'])) return this.bodyText;
    return this.#bytes.length === 0 ? {} : this.bodyJson;
  }
}

function parseQuery(text) {
  // Not by assigning, which would not make a member of the name `__proto__`.
  return Object.fromEntries(text.split('&').flatMap((part) => {
    const [, name, value] = /^([^=]*)=?(.*)$/s.exec(part);
    return name === '' ? [] : [[name, value]];
  }));
}

module.exports = { Request };
