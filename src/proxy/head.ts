// Reads the heads of HTTP/1.1 messages, and refuses whatever two readers could understand in two ways (RFC 9112).

export const MAX_HEAD_BYTES = 64 * 1024;
const MAX_FIELDS = 1_000;

const TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
const REQUEST_LINE = new RegExp(String.raw`(${TOKEN}) ([\x21-\x7e\x80-\xff]+) HTTP/1\.([01])\r\n`, 'y');
const STATUS_LINE = /HTTP\/1\.([01]) ([1-9]\d\d)(?: [\t\x20-\x7e\x80-\xff]*)?\r\n/y;
// A value begins with what is no space, or is empty: so the spaces before it are matched in one way only, and never
// twice.
const FIELD = new RegExp(String.raw`(${TOKEN}):[ \t]*((?:[\x21-\x7e\x80-\xff][\t\x20-\x7e\x80-\xff]*)?)\r\n`, 'y');
const LENGTH = /^\d{1,15}$/;
// uri-host [ ":" port ] (RFC 9110, section 7.2); empty where a target has no authority.
const HOST = /^(?:\[[\w.~:!$&'()*+,;=%-]+\]|[\w.~!$&'()*+,;=%-]*)(?::\d*)?$/;

/** Bytes in the body; or that it comes in chunks, or ends with the connection. */
export type Framing = number | 'chunked' | 'until-end';

interface Fields {
  /** By threes: name in lower case, name as given, value. */
  fields: string[];
  /** What the message says of the length of its body, as it says it. */
  length: string | undefined;
  /** Names that `Connection` lists, in lower case; empty for almost all messages. */
  named: readonly string[];
  body: Framing;
}

export interface RequestHead extends Fields {
  method: string;
  target: string;
  /** Whether the caller knows HTTP/1.1. */
  modern: boolean;
  keepAlive: boolean;
  /** The caller waits for our word before it sends the body. */
  expectsContinue: boolean;
}

export interface AnswerHead extends Fields {
  status: number;
  keepAlive: boolean;
}

/** What is wrong with a message, for whoever sent it. */
export class MalformedError extends Error {}

/** Whether a text begins with the first line of a request. Throws `MalformedError`. */
export function checkRequestLine(text: string): void {
  requestLine(text);
}

/** Whether it begins with the first line of an answer. Throws `MalformedError`. */
export function checkStatusLine(text: string): void {
  statusLine(text);
}

function requestLine(text: string): RegExpExecArray {
  REQUEST_LINE.lastIndex = 0;
  const line = REQUEST_LINE.exec(text);
  if (!line) throw new MalformedError('the request line is not one of HTTP/1.1');
  return line;
}

function statusLine(text: string): RegExpExecArray {
  STATUS_LINE.lastIndex = 0;
  const line = STATUS_LINE.exec(text);
  if (!line) throw new MalformedError('the status line is not one of HTTP/1.1');
  return line;
}

/** From the text of a head in latin1, up to the line end before the empty line and with it. Throws `MalformedError`. */
export function parseRequest(text: string): RequestHead {
  const [, method = '', target = '', minor] = requestLine(text);
  const modern = minor === '1';
  const { fields, named, length, coding, hosts, host, expect } = readFields({ text, from: REQUEST_LINE.lastIndex });
  if (method === 'CONNECT') throw new MalformedError('nobody tunnels through here');
  if (!HOST.test(host)) throw new MalformedError('its Host is none');
  if (hosts > 1 || (modern && hosts === 0)) throw new MalformedError('a request has exactly one Host');
  if (coding !== undefined && !modern) throw new MalformedError('HTTP/1.0 knows no Transfer-Encoding');
  if (expect !== undefined && expect !== '100-continue') throw new MalformedError('only 100-continue can be expected');
  const body = coding === undefined ? Number(length ?? 0) : 'chunked';
  return {
    method,
    target,
    modern,
    fields,
    named,
    length,
    body,
    keepAlive: staysOpen({ named, modern }),
    expectsContinue: modern && expect !== undefined && body !== 0,
  };
}

/** `method` is the request's: an answer to HEAD has no body. Throws `MalformedError`. */
export function parseAnswer({ text, method }: { text: string; method: string }): AnswerHead {
  const line = statusLine(text);
  const modern = line[1] === '1';
  const status = Number(line[2]);
  const { fields, named, length, coding } = readFields({ text, from: STATUS_LINE.lastIndex });
  if (coding !== undefined && !modern) throw new MalformedError('HTTP/1.0 knows no Transfer-Encoding');
  const keepAlive = staysOpen({ named, modern });
  if (status < 200 || status === 204 || status === 304 || method === 'HEAD')
    return { status, fields, named, length, body: 0, keepAlive };
  const body = coding === undefined ? (length === undefined ? 'until-end' : Number(length)) : 'chunked';
  return { status, fields, named, length, body, keepAlive: keepAlive && body !== 'until-end' };
}

interface ReadFields {
  fields: string[];
  named: readonly string[];
  length: string | undefined;
  coding: string | undefined;
  hosts: number;
  /** The last one. */
  host: string;
  expect: string | undefined;
}

const NOTHING: readonly string[] = [];

function readFields({ text, from }: { text: string; from: number }): ReadFields {
  const read: ReadFields = {
    fields: [],
    named: NOTHING,
    length: undefined,
    coding: undefined,
    hosts: 0,
    host: '',
    expect: undefined,
  };
  const { fields } = read;
  for (FIELD.lastIndex = from; FIELD.lastIndex < text.length;) {
    const match = FIELD.exec(text);
    if (!match) throw new MalformedError('a header is not of the form "name: value"');
    if (fields.length === MAX_FIELDS * 3) throw new MalformedError(`it has more than ${MAX_FIELDS} headers`);
    const given = match[1] as string;
    const name = given.toLowerCase();
    const value = trimmedEnd(match[2] as string);
    fields.push(name, given, value);
    if (name === 'content-length') {
      if (read.length !== undefined) throw new MalformedError('it has more than one Content-Length');
      if (!LENGTH.test(value)) throw new MalformedError('its Content-Length is no number');
      read.length = value;
    } else if (name === 'transfer-encoding') {
      if (read.coding !== undefined || value.toLowerCase() !== 'chunked')
        throw new MalformedError('chunked is the only Transfer-Encoding there is');
      read.coding = value;
    } else if (name === 'connection')
      read.named = [
        ...read.named,
        ...value
          .toLowerCase()
          .split(',')
          .map((one) => one.trim()),
      ];
    else if (name === 'host') {
      read.hosts += 1;
      read.host = value;
    } else if (name === 'expect') read.expect = value.toLowerCase();
  }
  if (read.length !== undefined && read.coding !== undefined)
    throw new MalformedError('it has both a Content-Length and a Transfer-Encoding');
  return read;
}

function staysOpen({ named, modern }: { named: readonly string[]; modern: boolean }): boolean {
  return modern ? !named.includes('close') : named.includes('keep-alive') && !named.includes('close');
}

function trimmedEnd(value: string): string {
  const last = value.charCodeAt(value.length - 1);
  return last === 0x20 || last === 0x09 ? value.trimEnd() : value;
}
