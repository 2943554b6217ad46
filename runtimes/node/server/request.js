// The request that a function sees.
'use strict';

const { cut } = require('./wire.js');

class Request {
  #bytes;

  constructor({ method, target, headers, body }) {
    this.#bytes = body;
    const scheme = headers['x-forwarded-proto'] || 'http';
    const usual = scheme === 'https' ? 443 : 80;
    const [, host, given] = /^(.*?)(?::(\d+))?$/s.exec(headers.host ?? '');
    const port = Number(given ?? usual);
    const [path, queryString] = cut(target, '?');
    const parts = queryString.split('&').map((part) => cut(part, '='));
    const query = Object.fromEntries(parts.filter(([name]) => name !== ''));
    const url = `${scheme}://${host}${port === usual ? '' : `:${port}`}${path}${queryString && `?${queryString}`}`;
    Object.assign(this, { method, headers, scheme, host, port, path, queryString, query, url });
  }

  get bodyBinary() { return this.#bytes; }
  get bodyText() { return this.#bytes.toString(); }
  get bodyRaw() { return this.bodyText; } // its deprecated name
  get bodyJson() { return JSON.parse(this.bodyText); }

  get body() {
    if (!this.headers['content-type']?.toLowerCase().startsWith('application/json')) return this.bodyText;
    return this.#bytes.length === 0 ? {} : this.bodyJson;
  }
}

module.exports = { Request };
