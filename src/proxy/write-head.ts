// Writes the heads of HTTP/1.1 messages, in latin1, with the empty line at their end.

import { STATUS_CODES } from 'node:http';
import type { AnswerHead, Framing } from './head.ts';
import type { isEndToEnd, RawHeaders } from './headers.ts';
import type { AnswerFraming } from './message.ts';

const STATUS_LINES = Object.fromEntries(
  Object.entries(STATUS_CODES).map(([code, words]) => [code, `HTTP/1.1 ${code} ${words}\r\n`]),
);

/** Of a request that is made here. What it is made of must be sound: nothing is checked or escaped. */
export function writeRequestHead({
  method,
  target,
  headers,
  length,
}: {
  method: string;
  target: string;
  headers: RawHeaders;
  /** Bytes in the body; none: it has none. */
  length: number;
}): string {
  let text = `${method} ${target} HTTP/1.1\r\n`;
  for (let index = 0; index < headers.length; index += 2) text += `${headers[index]}: ${headers[index + 1]}\r\n`;
  return `${text}${length === 0 ? '' : framing({ chunked: false, length: String(length) })}\r\n`;
}

/** Of a request that is passed on, after the lines that the relay has written itself. */
export function endRequestHead({
  text,
  length,
  body,
}: {
  text: string;
  length: string | undefined;
  body: Framing;
}): string {
  return `${text}${framing({ chunked: body === 'chunked', length })}\r\n`;
}

/** Of an answer that is passed on, with those of its headers that `passes` lets through. */
export function writeAnswerHead({
  head: { status, fields, named },
  framing: { chunked, length, close },
  passes,
}: {
  head: AnswerHead;
  framing: AnswerFraming;
  passes: typeof isEndToEnd;
}): string {
  let text = STATUS_LINES[status] ?? `HTTP/1.1 ${status} \r\n`;
  for (let index = 0; index < fields.length; index += 3) {
    if (passes({ name: fields[index] as string, named })) text += `${fields[index + 1]}: ${fields[index + 2]}\r\n`;
  }
  return `${text}${framing({ chunked, length })}${close ? 'connection: close\r\n' : ''}\r\n`;
}

function framing({ chunked, length }: { chunked: boolean; length: string | undefined }): string {
  if (chunked) return 'transfer-encoding: chunked\r\n';
  return length === undefined ? '' : `content-length: ${length}\r\n`;
}
