// How the fake makes responses and writes them; each function is one thing that a faulty fake does wrong.

import { BAD_STATUS } from '../../../../src/contract/messages.ts';
import type { Reply, Returned } from '../reply.ts';

type Headers = Record<string, unknown>;

const HOP_BY_HOP = /^(?:connection|keep-alive|transfer-encoding|content-length|upgrade|trailer|te|proxy-.*)$/;

export const response = {
  text: (body: unknown, status = 200, headers: Headers = {}): Reply => ({
    body: body as string,
    statusCode: status,
    headers,
  }),
  json: (value: unknown, status = 200, headers: Headers = {}): Reply => ({
    body: JSON.stringify(value, demandNumber),
    statusCode: status,
    headers: { ...headers, 'content-type': 'application/json; charset=utf-8' },
  }),
  binary: (bytes: Uint8Array, status = 200, headers: Headers = {}): Reply => ({
    body: Buffer.from(bytes),
    statusCode: status,
    headers,
  }),
  redirect: (url: string, status = 301, headers: Headers = {}): Reply => ({
    body: '',
    statusCode: status,
    headers: { ...headers, location: url },
  }),
  empty: (): Reply => ({ body: '', statusCode: 204, headers: {} }),
  /** Fills in what a bare map leaves out. */
  fillIn: ({ body, statusCode = 200, headers = {} }: Returned): Reply => ({ body: body ?? '', statusCode, headers }),
  sharesMadeResponses: false,
  countsMadeResponses: false,
  isStatus: (status: unknown): boolean => Number.isInteger(status) && Number(status) >= 200 && Number(status) <= 599,
  isHeaderName: (name: string): boolean => /^[\w!#$%&'*+.^`|~-]+$/.test(name),
  isHeaderValue: (value: string): boolean => !/[\r\n\0]/.test(value),
  badStatus: BAD_STATUS,
  badHeader: (name: string): string => `Header "${name}" cannot be sent.`,
  checkFailedStatus: 500,
  dropsHeader: (name: string): boolean => name.startsWith('x-open-runtimes-') || HOP_BY_HOP.test(name),
  /** A string whose characters are bytes. */
  headerBytes: (value: string): string => Buffer.from(value).toString('latin1'),
  location: (url: string): string => url.replaceAll(/[^\0-\x7f]+/g, encodeURIComponent),
  outgoingName: (name: string): string => name.toLowerCase(),
  outgoingValues: (_name: string, value: unknown): string[] =>
    Array.isArray(value) ? value.map(String) : [String(value)],
  defaultType: 'text/plain',
  contentType(value: string): string {
    const [mediaType = '', ...parameters] = value.split(';');
    const lower = [mediaType.toLowerCase(), ...parameters].join(';');
    return lower.startsWith('multipart/') || lower.includes('charset=') ? lower : `${lower}; charset=utf-8`;
  },
  buffersStreams: false,
  endsStreams: true,
  bodyOnHead: false,
};

function demandNumber(name: string, value: unknown): unknown {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`JSON has no ${value}, as in "${name}"`);
  return value;
}
