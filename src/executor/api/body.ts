// Reads the parameters of a request: JSON, multipart or urlencoded, whichever its content type says.

import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import busboy from 'busboy';
import type { Request } from 'express';
import { ExecutorError } from '../errors.ts';

/** What an author of a request may have written, before it is validated. */
export type Parameters = Record<string, unknown>;

// As a multipart part; everywhere else it is text.
const BINARY = new Set(['body']);
const MAX_PART_BYTES = 22 * 1024 * 1024;

/** `bytes` is the whole body. Throws `execution_bad_request`. */
export async function readParameters({ request, bytes }: { request: Request; bytes: Buffer }): Promise<Parameters> {
  const type = (request.headers['content-type'] ?? '').toLowerCase();
  if (bytes.length === 0) return {};
  if (type.startsWith('multipart/form-data')) return readMultipart({ request, bytes });
  if (type.startsWith('application/x-www-form-urlencoded'))
    return Object.fromEntries(new URLSearchParams(bytes.toString('utf8')));
  return readJson(bytes);
}

/** Callers written in PHP send an empty object as `[]`. */
function readJson(bytes: Buffer): Parameters {
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw invalidBody(`it is not JSON: ${(cause as Error).message}`, cause);
  }
  if (Array.isArray(json) && json.length === 0) return {};
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw invalidBody('it must be a JSON object');
  return json as Parameters;
}

async function readMultipart({ request, bytes }: { request: Request; bytes: Buffer }): Promise<Parameters> {
  const parameters: Parameters = Object.create(null) as Parameters;
  const keep = (name: string, value: Buffer) => {
    parameters[name] = BINARY.has(name) ? value : value.toString('utf8');
  };
  try {
    // Read as latin1, each byte is one character and none is lost.
    const parser = busboy({
      headers: request.headers,
      defCharset: 'latin1',
      limits: { fieldSize: MAX_PART_BYTES, fields: 100, files: 100 },
    });
    parser.on('field', (name, value) => keep(name, Buffer.from(value, 'latin1')));
    parser.on('file', (name, file) => {
      const chunks: Buffer[] = [];
      file.on('data', (chunk: Buffer) => chunks.push(chunk)).on('end', () => keep(name, Buffer.concat(chunks)));
    });
    await pipeline(Readable.from([bytes]), parser);
  } catch (cause) {
    throw invalidBody(`it is not multipart/form-data: ${(cause as Error).message}`, cause);
  }
  return parameters;
}

function invalidBody(why: string, cause?: unknown): ExecutorError {
  return new ExecutorError({
    type: 'execution_bad_request',
    message: `The request body cannot be read, ${why}`,
    cause,
  });
}
