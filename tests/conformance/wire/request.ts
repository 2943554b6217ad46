// Turns a case's request into the bytes that go over the wire, and into a command line that sends the same.

import type { FixtureStep, RequestData } from '../case.ts';
import { bodyPieces, inChunks, isPieces } from './body.ts';
import { curlLine, type Field, rawLine } from './command-line.ts';

export interface WireRequest {
  method: string;
  /** What is written by itself, one after the other, each after a pause. */
  pieces: readonly WirePiece[];
  halfCloses: boolean;
  malformed: boolean;
  /** A command line that sends the same. */
  curl: string;
}

export interface WirePiece {
  pauseMs: number;
  bytes: Buffer;
}

export interface Addressed {
  request: RequestData;
  server: { host: string; port: number; secret: string; base?: string };
  /** The log id to send; null: none. */
  logId: string | null;
}

// Long enough for the other side to read what came before, on a machine that has nothing else to do.
const SPLIT_PAUSE_MS = 1;

export function encodeRequest(addressed: Addressed): WireRequest {
  const { request } = addressed;
  const { server } = addressed;
  const method = request.method ?? 'GET';
  const target = `${server.base ?? ''}${request.target ?? '/'}`;
  const host = request.host === undefined ? hostOf(server) : request.host;
  const fields = suiteHeaders(addressed);
  const body = bodyPieces(request.body);
  const framing = request.body === undefined ? undefined : (request.framing ?? 'length');
  const head = [
    `${method} ${target} HTTP/1.${host === null ? 0 : 1}\r\n`,
    ...(host === null ? [] : [`host: ${host}\r\n`]),
    fieldLines([...fields, ...framingFields({ framing, body })]),
    '\r\n',
  ].map((part) => Buffer.from(part));
  const whole = [Buffer.concat(head), ...(framing === 'chunked' ? inChunks(body) : body)];
  const common = { method, halfCloses: request.halfCloses === true, malformed: request.malformed === true };
  if (request.raw !== undefined) {
    const bytes = fillIn({ raw: request.raw, target, host: hostOf(server), fields });
    return { ...common, pieces: inPieces([bytes], request), curl: rawLine({ server, bytes }) };
  }
  const url = `http://${server.host}:${server.port}${target}`;
  return {
    ...common,
    pieces: inPieces(whole, request),
    curl: curlLine({ method, url, host, fields, body: request.body, framing }),
  };
}

function hostOf({ host, port }: Addressed['server']): string {
  return `${host}:${port}`;
}

function suiteHeaders({ request, server, logId }: Addressed): Field[] {
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

function framingFields({ framing, body }: { framing: RequestData['framing']; body: readonly Buffer[] }): Field[] {
  if (framing === 'chunked') return [['transfer-encoding', 'chunked']];
  if (framing === 'length') return [['content-length', String(body.reduce((sum, piece) => sum + piece.length, 0))]];
  return [];
}

function fieldLines(fields: readonly Field[]): Buffer {
  return Buffer.concat(
    fields.flatMap(([name, value]) => [Buffer.from(`${name}: `), Buffer.from(value as string), Buffer.from('\r\n')]),
  );
}

interface Raw {
  raw: string;
  target: string;
  host: string;
  fields: readonly Field[];
}

function fillIn({ raw, target, host, fields }: Raw): Buffer {
  const filled = raw
    .replaceAll('{target}', target)
    .replaceAll('{host}', host)
    .replaceAll('{headers}', () => fieldLines(fields).toString('latin1'));
  return Buffer.from(filled, 'latin1');
}

/** The head goes with the first piece of the body's own; cut anew where the case says so. */
function inPieces(whole: readonly Buffer[], { splitAt, body }: RequestData): WirePiece[] {
  if (splitAt !== undefined) return cut(Buffer.concat(whole), splitAt);
  const pauseMs = isPieces(body) ? body.pauseMs : 0;
  return whole.map((bytes, index) => ({ pauseMs: index > 1 ? pauseMs : 0, bytes }));
}

export function cut(bytes: Buffer, places: readonly number[]): WirePiece[] {
  return [0, ...places].map((from, index) => ({
    pauseMs: index === 0 ? 0 : SPLIT_PAUSE_MS,
    bytes: bytes.subarray(from, places[index]),
  }));
}

/** JSON in ASCII, because header values are not text in any one encoding. */
function encodeSteps(steps: readonly FixtureStep[]): string {
  return JSON.stringify(steps).replaceAll(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
