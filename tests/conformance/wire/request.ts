// Turns a case's request into the bytes that go over the wire, and into a curl line that sends the same.

import type { BodyData, FixtureStep, RequestData } from '../case.ts';

export interface WireRequest {
  method: string;
  target: string;
  /** Request line and headers, in Latin-1, with the empty line. */
  head: string;
  /** The body as framed. */
  body: readonly Buffer[];
  /** Milliseconds between the pieces of the body. */
  pauseMs: number;
  curl: string;
}

interface Addressed {
  request: RequestData;
  server: { host: string; port: number; secret: string };
  /** The log id to send; null: none. */
  logId: string | null;
}

export function encodeRequest({ request, server, logId }: Addressed): WireRequest {
  const method = request.method ?? 'GET';
  const target = request.target ?? '/';
  const host = request.host === undefined ? `${server.host}:${server.port}` : request.host;
  const fields = suiteHeaders({ request, server, logId });
  const pieces = bodyPieces(request.body);
  const framing = request.body === undefined ? undefined : (request.framing ?? 'length');
  const lines = [
    `${method} ${target} HTTP/1.${host === null ? 0 : 1}`,
    ...(host === null ? [] : [`host: ${host}`]),
    ...fields.map(([name, value]) => `${name}: ${value}`),
    ...(framing === 'length' ? [`content-length: ${pieces.reduce((sum, piece) => sum + piece.length, 0)}`] : []),
    ...(framing === 'chunked' ? ['transfer-encoding: chunked'] : []),
  ];
  return {
    method,
    target,
    head: `${lines.join('\r\n')}\r\n\r\n`,
    body: framing === 'chunked' ? inChunks(pieces) : pieces,
    pauseMs: isPieces(request.body) ? request.body.pauseMs : 0,
    curl: curlLine({
      method,
      url: `http://${server.host}:${server.port}${target}`,
      host,
      fields,
      body: request.body,
      framing,
    }),
  };
}

function suiteHeaders({ request, server, logId }: Addressed): (readonly [string, string])[] {
  const secret = request.secret === undefined ? server.secret || null : request.secret;
  return [
    ...(secret === null ? [] : [['x-open-runtimes-secret', secret] as const]),
    ...(logId === null ? [] : [['x-open-runtimes-log-id', logId] as const]),
    ...(request.fromExecutor === true
      ? [['authorization', `Basic ${Buffer.from(`opr:${server.secret}`).toString('base64')}`] as const]
      : []),
    ...(request.steps === undefined ? [] : [['x-conformance-steps', encodeSteps(request.steps)] as const]),
    ...(request.headers ?? []),
  ];
}

/** JSON in ASCII, because header values are not text in any one encoding. */
function encodeSteps(steps: readonly FixtureStep[]): string {
  return JSON.stringify(steps).replaceAll(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

function isPieces(body: BodyData | undefined): body is Extract<BodyData, { pieces: unknown }> {
  return typeof body === 'object' && 'pieces' in body;
}

/** The bytes of a body, in the pieces in which they are sent. */
export function bodyPieces(body: BodyData | undefined): Buffer[] {
  if (body === undefined) return [];
  if (typeof body === 'string') return [Buffer.from(body)];
  if (body instanceof Uint8Array) return [Buffer.from(body)];
  if (isPieces(body)) return body.pieces.map((piece) => Buffer.from(piece));
  return [Buffer.alloc(body.repeat.length * body.times, body.repeat)];
}

const CHUNK_BYTES = 65_536;

function inChunks(pieces: readonly Buffer[]): Buffer[] {
  const chunks: Buffer[] = [];
  for (const piece of pieces) {
    for (let start = 0; start < piece.length; start += CHUNK_BYTES) {
      const chunk = piece.subarray(start, start + CHUNK_BYTES);
      chunks.push(Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]));
    }
  }
  // The end goes with the last chunk: a pause is between pieces only.
  const end = Buffer.from('0\r\n\r\n');
  return [...chunks.slice(0, -1), Buffer.concat([chunks.at(-1) ?? Buffer.alloc(0), end])];
}

interface CurlData {
  method: string;
  url: string;
  host: string | null;
  fields: readonly (readonly [string, string])[];
  body: BodyData | undefined;
  framing: 'length' | 'chunked' | undefined;
}

function curlLine({ method, url, host, fields, body, framing }: CurlData): string {
  const named = new Set(fields.map(([name]) => name.toLowerCase()));
  const headers = [
    host === null ? 'Host:' : `Host: ${host}`,
    // What curl would send by itself and the suite does not.
    ...['User-Agent', 'Accept', 'Content-Type']
      .filter((name) => !named.has(name.toLowerCase()))
      .map((name) => `${name}:`),
    ...fields.map(([name, value]) => (value === '' ? `${name};` : `${name}: ${value}`)),
    ...(framing === 'chunked' ? ['Transfer-Encoding: chunked'] : []),
  ];
  const parts = [
    'curl -i -g --path-as-is',
    ...(host === null ? ['--http1.0'] : []),
    method === 'HEAD' ? '-I' : `-X ${method}`,
    ...headers.map((header) => `-H ${quote(header)}`),
    ...(framing === undefined ? [] : ['--data-binary @-']),
    quote(url),
  ];
  return framing === undefined ? parts.join(' ') : `${bodyCommand(body)} | ${parts.join(' ')}`;
}

function bodyCommand(body: BodyData | undefined): string {
  if (typeof body === 'object' && 'repeat' in body)
    return `head -c ${body.repeat.length * body.times} /dev/zero | tr '\\0' ${quote(body.repeat)}`;
  const bytes = Buffer.concat(bodyPieces(body));
  const octal = [...bytes].map((byte) =>
    byte >= 0x20 && byte < 0x7f && byte !== 0x5c && byte !== 0x25
      ? String.fromCharCode(byte)
      : `\\${byte.toString(8).padStart(3, '0')}`,
  );
  return `printf ${quote(octal.join(''))}`;
}

function quote(text: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
