// Reads the parameters of a request: JSON, multipart or urlencoded, whichever its content type says.

import { Busboy } from '@fastify/busboy';
import type { Request } from 'express';
import { ExecutorError } from '../errors.ts';

/** What an author of a request may have written, before it is validated. */
export type Parameters = Record<string, unknown>;

// As a multipart part; everywhere else it is text.
const BINARY = new Set(['body']);
const MAX_PARTS = 200;

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
  const { promise: read, resolve, reject } = Promise.withResolvers<void>();
  try {
    const parser = new Busboy({
      headers: { ...request.headers, 'content-type': request.headers['content-type'] ?? '' },
      // As a field, bytes would be decoded as the part's content type says.
      isPartAFile: () => true,
      limits: { parts: MAX_PARTS },
    });
    parser.on('file', (name, part) => {
      const chunks: Buffer[] = [];
      part
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => {
          const value = Buffer.concat(chunks);
          parameters[name] = BINARY.has(name) ? value : value.toString('utf8');
        })
        .on('error', reject);
    });
    parser.on('partsLimit', () => reject(new Error(`it has more than ${MAX_PARTS} parts`)));
    parser.on('finish', resolve).on('error', reject);
    parser.end(bytes);
    await read;
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
