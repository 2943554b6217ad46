// A request as a command line that sends the same, for whoever wants to see its answer with their own eyes.

import type { BodyData } from '../case.ts';
import { bodyPieces } from './body.ts';

export type Field = readonly [name: string, value: string | Uint8Array];

interface CurlData {
  method: string;
  url: string;
  host: string | null;
  fields: readonly Field[];
  body: BodyData | undefined;
  framing: 'length' | 'chunked' | undefined;
}

export function curlLine({ method, url, host, fields, body, framing }: CurlData): string {
  const named = new Set(fields.map(([name]) => name.toLowerCase()));
  const headers = [
    host === null ? 'Host:' : `Host: ${host}`,
    // What curl would send by itself and the suite does not.
    ...['User-Agent', 'Accept', 'Content-Type']
      .filter((name) => !named.has(name.toLowerCase()))
      .map((name) => `${name}:`),
    ...fields.map(([name, value]) => (value.length === 0 ? `${name};` : `${name}: ${Buffer.from(value as string)}`)),
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

/** For bytes that curl would not send. */
export function rawLine({ server, bytes }: { server: { host: string; port: number }; bytes: Buffer }): string {
  return `${print(bytes)} | nc ${quote(server.host)} ${server.port}`;
}

function bodyCommand(body: BodyData | undefined): string {
  if (typeof body === 'object' && 'repeat' in body)
    return `head -c ${body.repeat.length * body.times} /dev/zero | tr '\\0' ${quote(body.repeat)}`;
  return print(Buffer.concat(bodyPieces(body)));
}

function print(bytes: Buffer): string {
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
