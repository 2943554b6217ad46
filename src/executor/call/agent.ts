// The HTTP client for runtimes, with its pool of connections.

import { Agent, type Dispatcher } from 'undici';
import type { RawHeaders } from '../../proxy/headers.ts';
import type { Runtime } from '../runtimes/runtime.ts';

// Each request's own signal limits it; the agent's limits would be a second, hidden one.
export const agent = new Agent({
  headersTimeout: 0,
  bodyTimeout: 0,
  connect: { timeout: 10_000 },
  keepAliveTimeout: 4_000,
  pipelining: 1,
});

/** Where a runtime is reached; before it has an address, nowhere. */
export function originOf({ address }: Runtime): string {
  if (!address) throw new Error('The runtime has no address yet.');
  return `http://${address.host.includes(':') ? `[${address.host}]` : address.host}:${address.port}`;
}

/**
 * The headers of an answer that was asked for with `responseHeaders: 'raw'`, which undici's types do not tell apart.
 */
export function rawHeadersOf({ headers }: Dispatcher.ResponseData): RawHeaders {
  return (headers as unknown as (Buffer | string)[]).map(String);
}
