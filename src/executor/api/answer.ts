// How results and errors look on the wire.

import { isUtf8 } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import type { Response } from 'express';
import { ExecutorError } from '../errors.ts';
import type { Execution } from '../call/execute.ts';

/** The first version of the answer's format in which a header may have several values. */
const LISTS_SINCE = [0, 11, 0];

export function sendJson({
  response,
  status = 200,
  value,
}: {
  response: Response;
  status?: number;
  value: unknown;
}): void {
  sendBytes({ response, status, type: 'application/json', bytes: Buffer.from(toJson(value)) });
}

/** Callers want floats, and tell them by their decimals. */
const FLOATS = new Set(['startTime', 'duration', 'created', 'updated']);

// In Node.js since 21; the types of the language do not know it yet.
const { rawJSON } = JSON as unknown as { rawJSON: (text: string) => unknown };

function toJson(value: unknown): string {
  return JSON.stringify(value, (key, member: unknown) =>
    FLOATS.has(key) && Number.isInteger(member) ? rawJSON(`${member as number}.0`) : member,
  );
}

/** As JSON if the caller accepts it, else as multipart, which alone can carry bytes that are no text. */
export function sendExecution({
  response,
  execution,
  accept,
  format,
}: {
  response: Response;
  execution: Execution;
  accept: string;
  format: string;
}): void {
  const headers = isBefore({ version: format, limit: LISTS_SINCE }) ? lastValues(execution.headers) : execution.headers;
  const result = { ...execution, headers };
  if (acceptsJson(accept)) {
    if (!isUtf8(result.body)) throw new ExecutorError({ type: 'execution_bad_json' });
    const { statusCode, body, logs, errors, duration, startTime } = result;
    sendJson({
      response,
      value: { statusCode, headers, body: body.toString('utf8'), logs, errors, duration, startTime },
    });
    return;
  }
  const { boundary, bytes } = toMultipart(result);
  sendBytes({ response, status: 200, type: `multipart/form-data; boundary=${boundary}`, bytes });
}

/** Without Express's own `send`, which would add a charset that callers do not expect. */
function sendBytes({
  response,
  status,
  type,
  bytes,
}: {
  response: Response;
  status: number;
  type: string;
  bytes: Buffer;
}): void {
  response.status(status).setHeader('content-type', type).setHeader('content-length', bytes.length).end(bytes);
}

function acceptsJson(accept: string): boolean {
  return accept.split(',').some((item) => /^\s*application\/(json|\*)/i.test(item));
}

function toMultipart({ statusCode, headers, body, logs, errors, duration, startTime }: Execution): {
  boundary: string;
  bytes: Buffer;
} {
  const parts: [name: string, value: Buffer, type?: string][] = [
    ['statusCode', Buffer.from(String(statusCode))],
    ['headers', Buffer.from(JSON.stringify(headers)), 'application/json'],
    ['body', body],
    ['logs', Buffer.from(logs)],
    ['errors', Buffer.from(errors)],
    ['duration', Buffer.from(String(duration))],
    ['startTime', Buffer.from(String(startTime))],
  ];
  const boundary = chooseBoundary(parts.map(([, value]) => value));
  const chunks = parts.flatMap(([name, value, type]) => {
    const head =
      `--${boundary}\r\ncontent-disposition: form-data; name="${name}"\r\n` +
      `${type ? `content-type: ${type}\r\n` : ''}\r\n`;
    return [Buffer.from(head), value, Buffer.from('\r\n')];
  });
  return { boundary, bytes: Buffer.concat([...chunks, Buffer.from(`--${boundary}--\r\n`)]) };
}

function chooseBoundary(values: Buffer[]): string {
  for (;;) {
    const boundary = `----open-runtimes-${randomBytes(16).toString('hex')}`;
    if (!values.some((value) => value.includes(boundary))) return boundary;
  }
}

function lastValues(headers: Execution['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? (value.at(-1) ?? '') : value]),
  );
}

function isBefore({ version, limit }: { version: string; limit: number[] }): boolean {
  const parts = version.split('.').map((part) => Number.parseInt(part, 10) || 0);
  for (const [index, part] of limit.entries()) {
    if ((parts[index] ?? 0) !== part) return (parts[index] ?? 0) < part;
  }
  return false;
}
