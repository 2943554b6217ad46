// How the fake makes responses and writes them; each function is one thing that a faulty fake does wrong.

import type { Reply } from '../reply.ts';

type Headers = Record<string, unknown>;

export const response = {
  text: (body: unknown, status = 200, headers: Headers = {}): Reply => ({
    body: body as string,
    statusCode: status,
    headers,
  }),
  json: (value: unknown, status = 200, headers: Headers = {}): Reply => ({
    body: JSON.stringify(value),
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
  fillIn: ({ body = '', statusCode = 200, headers = {} }: Partial<Reply>): Reply => ({ body, statusCode, headers }),
  countsMadeResponses: false,
  dropsHeader: (name: string): boolean => name.startsWith('x-open-runtimes-'),
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
