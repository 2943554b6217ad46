// Parses one HTTP/1.1 answer, keeping what clients usually hide: the case and order of headers, and how the body
// arrived.

import { ProtocolError, type Reader } from './reader.ts';

export interface WireResponse {
  status: number;
  /** As they came. */
  headers: readonly (readonly [name: string, value: string])[];
  body: Buffer;
  /** The body in the pieces in which it arrived. */
  pieces: readonly Buffer[];
}

/** @throws ProtocolError if what comes is no whole HTTP answer. */
export async function readResponse({ reader, method }: { reader: Reader; method: string }): Promise<WireResponse> {
  let head = await readHead(reader);
  while (head.status >= 100 && head.status < 200) {
    // Nothing would come after it.
    if (headerValues(head.headers, 'content-type').length > 0)
      throw new ProtocolError(`an answer with the status ${head.status}, which only goes before another`);
    head = await readHead(reader);
  }
  const pieces: Buffer[] = [];
  if (method !== 'HEAD' && head.status !== 204 && head.status !== 304) {
    await readBody({ reader, headers: head.headers, into: pieces });
  }
  return { ...head, body: Buffer.concat(pieces), pieces };
}

async function readHead(reader: Reader): Promise<Pick<WireResponse, 'status' | 'headers'>> {
  const line = await reader.readLine();
  if (line === undefined) throw new ProtocolError('the connection was closed without an answer');
  const status = /^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(line)?.[1];
  if (status === undefined) throw new ProtocolError(`not a status line: ${JSON.stringify(line)}`);
  const headers: [string, string][] = [];
  for (;;) {
    const field = await reader.readLine();
    if (field === undefined) throw new ProtocolError('the connection ended within the headers');
    if (field === '') return { status: Number(status), headers };
    const colon = field.indexOf(':');
    if (colon <= 0) throw new ProtocolError(`not a header: ${JSON.stringify(field)}`);
    headers.push([field.slice(0, colon), field.slice(colon + 1).trim()]);
  }
}

/** All values of a header, in order. */
export function headerValues(headers: WireResponse['headers'], name: string): string[] {
  return headers.filter(([candidate]) => candidate.toLowerCase() === name).map(([, value]) => value);
}

interface BodySource {
  reader: Reader;
  headers: WireResponse['headers'];
  into: Buffer[];
}

async function readBody({ reader, headers, into }: BodySource): Promise<void> {
  const gather = createGatherer(reader, into);
  const [encoding] = headerValues(headers, 'transfer-encoding');
  const lengths = headerValues(headers, 'content-length');
  if (encoding !== undefined) {
    if (encoding.toLowerCase() !== 'chunked') throw new ProtocolError(`unknown transfer-encoding: ${encoding}`);
    if (lengths.length > 0) throw new ProtocolError('both transfer-encoding and content-length');
    await readChunks(reader, gather);
  } else if (lengths.length > 0) {
    if (lengths.length > 1 || !/^\d+$/.test(lengths[0] ?? ''))
      throw new ProtocolError(`bad content-length: ${lengths.join(', ')}`);
    await gather(Number(lengths[0]));
  } else {
    await gather(Infinity);
  }
}

async function readChunks(reader: Reader, gather: Gather): Promise<void> {
  for (;;) {
    const line = await reader.readLine();
    const size = /^([0-9a-fA-F]+)(?:;|$)/.exec(line ?? '')?.[1];
    if (size === undefined)
      throw new ProtocolError(`the body ended before its last chunk, with ${JSON.stringify(line)}`);
    if (/^0+$/.test(size)) break;
    await gather(Number.parseInt(size, 16));
    if ((await reader.readLine()) !== '') throw new ProtocolError('a chunk is longer than it says');
  }
  while ((await reader.readLine()) !== '') continue;
}

type Gather = (length: number) => Promise<void>;

/** Appends bytes to the pieces; bytes that arrived together stay together. */
function createGatherer(reader: Reader, into: Buffer[]): Gather {
  let lastArrival = -1;
  return async (length) => {
    let left = length;
    while (left > 0) {
      const bytes = await reader.readSome(left);
      if (bytes === undefined) {
        if (left === Infinity) return;
        throw new ProtocolError(`the body ended ${left} bytes early`);
      }
      left -= bytes.length;
      const last = into.at(-1);
      if (last !== undefined && reader.arrivals() === lastArrival) into[into.length - 1] = Buffer.concat([last, bytes]);
      else into.push(bytes);
      lastArrival = reader.arrivals();
    }
  };
}
