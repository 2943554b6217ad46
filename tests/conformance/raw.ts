// Carries out steps that care for how bytes are sent: at once, cut at any place, or not to the end.

import type { CaseStep, Exchange, Finding } from './case.ts';
import { judge, noAnswer, type Prepared, prepare, type Surroundings } from './exchange.ts';
import { type Connection, openConnection } from './wire/connection.ts';
import { cut, type WirePiece } from './wire/request.ts';

const CONNECTIONS = 8;

export async function pipelined(exchanges: readonly Exchange[], surroundings: Surroundings): Promise<Finding[]> {
  using connection = await openConnection(surroundings.server);
  return await converse({ exchanges, surroundings, connection, piecesOf: (bytes) => cut(bytes, []) });
}

interface Conversation {
  exchanges: readonly Exchange[];
  surroundings: Surroundings;
  connection: Connection;
  piecesOf(bytes: Buffer): WirePiece[];
}

async function converse({ exchanges, surroundings, connection, piecesOf }: Conversation): Promise<Finding[]> {
  const prepared = exchanges.map((one) => prepare({ ...one, surroundings }));
  const requests = prepared.map(({ request }) => request);
  const bytes = Buffer.concat(requests.flatMap(({ pieces }) => pieces.map((piece) => piece.bytes)));
  try {
    const responses = await connection.pipeline(requests, piecesOf(bytes));
    const findings: Finding[] = [];
    for (const [index, response] of responses.entries())
      findings.push(...(await judge({ ...(prepared[index] as Prepared), response })));
    return findings;
  } catch (error) {
    return [noAnswer(prepared[0] as Prepared, error)];
  }
}

/** Stops at the first place where something is wrong: the others would say the same again. */
export async function splitEverywhere(exchanges: readonly Exchange[], surroundings: Surroundings): Promise<Finding[]> {
  const length = exchanges
    .flatMap((one) => prepare({ ...one, surroundings }).request.pieces)
    .reduce((sum, { bytes }) => sum + bytes.length, 0);
  const places = Array.from({ length: length - 1 }, (_, index) => index + 1);
  const ways = [...places.map((place) => [place]), places];
  const found: Finding[] = [];
  const left = ways.values();
  const worker = async (): Promise<void> => {
    using connection = await openConnection(surroundings.server);
    for (const way of left) {
      if (found.length > 0) return;
      const findings = await converse({ exchanges, surroundings, connection, piecesOf: (bytes) => cut(bytes, way) });
      const where = way.length === 1 ? `cut at byte ${way[0]}` : 'sent byte by byte';
      found.push(...findings.map((finding) => ({ ...finding, what: `${finding.what}, ${where}` })));
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return found;
}

export async function abandon(
  { abandoned, allBut }: Extract<CaseStep, { abandoned: unknown }>,
  surroundings: Surroundings,
): Promise<Finding[]> {
  const { request } = prepare({ send: abandoned, expect: {}, surroundings });
  using connection = await openConnection(surroundings.server);
  const bytes = Buffer.concat(request.pieces.map((piece) => piece.bytes));
  await connection.send(cut(bytes.subarray(0, bytes.length - (allBut ?? 0)), []));
  if (allBut === undefined) await connection.resetWithin();
  return [];
}
