// Carries out a case against a server, step by step, and returns what is wrong.

import { setTimeout as pause } from 'node:timers/promises';
import type { CaseStep, Exchange, Finding, WireCase } from './case.ts';
import { LOG_ID_HEADER } from '../../src/contract/headers.ts';
import { compareLogs, exchange, type Outcome, type Surroundings } from './exchange.ts';
import { flood } from './flood.ts';
import { abandon, pipelined, splitEverywhere } from './raw.ts';
import type { Server } from './targets/target.ts';
import { openConnection, type Connection } from './wire/connection.ts';
import { ProtocolError } from './wire/reader.ts';
import { headerValues } from './wire/response.ts';

interface Performance {
  wireCase: WireCase;
  server: Server;
  /** Starts one more server of the same set-up. */
  startAnother(): Promise<Server>;
  entrypoint: string | undefined;
  /** Gathers what broke the rules for every answer. */
  broken: Map<string, Finding[]>;
}

export async function perform({ wireCase, server, startAnother, entrypoint, broken }: Performance): Promise<Finding[]> {
  const development = wireCase.setup?.environment?.['OPEN_RUNTIMES_ENV'] === 'development';
  const surroundings: Surroundings = {
    server,
    startAnother,
    clause: wireCase.covers,
    entrypoint,
    development,
    broken,
    logIds: new Map(),
  };
  const before = wireCase.leavesNothing === true ? await server.listLogFiles?.() : undefined;
  const findings: Finding[] = [];
  for (const step of stepsOf(wireCase)) findings.push(...(await carryOut(step, surroundings).catch(refused)));

  /** Whatever a server does is a result of the case. */
  function refused(error: unknown): Finding[] {
    if (!(error instanceof ProtocolError)) throw error;
    return [{ clause: wireCase.covers, what: 'connection', expected: 'accepted', got: error.message }];
  }

  if (before !== undefined) findings.push(...(await checkLeftovers(surroundings, before)));
  return findings;
}

export function stepsOf(wireCase: WireCase): readonly CaseStep[] {
  return 'steps' in wireCase ? wireCase.steps : [{ send: wireCase.send, expect: wireCase.expect }];
}

async function carryOut(step: CaseStep, surroundings: Surroundings): Promise<Finding[]> {
  if ('together' in step)
    return flatten(await Promise.all(step.together.map((one) => exchange({ ...one, surroundings }))));
  if ('oneConnection' in step) return inOrder(step, surroundings);
  if ('pipelined' in step) return pipelined(step.pipelined, surroundings);
  if ('splitEverywhere' in step) return splitEverywhere(step.splitEverywhere, surroundings);
  if ('abandoned' in step) return abandon(step, surroundings);
  if ('crowd' in step) return crowd(step, surroundings);
  if ('distinctLogIds' in step) return distinctLogIds(step, surroundings);
  if ('instances' in step) return instances(step, surroundings);
  if ('logsOf' in step) return readAgain(step, surroundings);
  if ('timings' in step) return writeTimings(step.timings, surroundings);
  if ('flood' in step) return flood(step, surroundings);
  return (await exchange({ ...step, surroundings })).findings;
}

function flatten(outcomes: readonly Outcome[]): Finding[] {
  return outcomes.flatMap(({ findings }) => findings);
}

async function inOrder(
  { oneConnection, idleMs = 0 }: Extract<CaseStep, { oneConnection: unknown }>,
  surroundings: Surroundings,
): Promise<Finding[]> {
  using connection = await openConnection(surroundings.server);
  const findings: Finding[] = [];
  let previous: Buffer | undefined;
  for (const [index, one] of oneConnection.entries()) {
    if (index > 0) await pause(idleMs);
    const outcome = await exchange({ ...one, surroundings, connection, previous });
    findings.push(...outcome.findings);
    // A broken connection would only say the same again.
    if (outcome.response === undefined) break;
    previous = outcome.response.body;
  }
  return findings;
}

async function crowd(
  { crowd: size, send, expect }: { crowd: number } & Exchange,
  surroundings: Surroundings,
): Promise<Finding[]> {
  using connections = new DisposableStack();
  const opened = await Promise.all(Array.from({ length: size }, () => openConnection(surroundings.server)));
  for (const connection of opened) connections.use(connection);
  const outcomes = await Promise.all(
    opened.map((connection: Connection) => exchange({ send, expect, surroundings, connection })),
  );
  const findings = flatten(outcomes);
  const [first] = findings;
  if (first === undefined) return [];
  return [{ ...first, what: `${first.what} (${findings.length} findings on ${size} connections; the first)` }];
}

async function distinctLogIds(
  { distinctLogIds: count, send, expect }: { distinctLogIds: number } & Exchange,
  surroundings: Surroundings,
): Promise<Finding[]> {
  const outcomes: Outcome[] = [];
  for (let index = 0; index < count; index += 1) outcomes.push(await exchange({ send, expect, surroundings }));
  return [...flatten(outcomes), ...checkDistinct(outcomes, surroundings)];
}

async function instances(
  { instances: count, send, expect }: { instances: number } & Exchange,
  surroundings: Surroundings,
): Promise<Finding[]> {
  const outcomes = await Promise.all(
    Array.from({ length: count }, async () => {
      await using server = await surroundings.startAnother();
      return await exchange({ send, expect, surroundings: { ...surroundings, server } });
    }),
  );
  return [...flatten(outcomes), ...checkDistinct(outcomes, surroundings)];
}

function checkDistinct(outcomes: readonly Outcome[], { clause }: Surroundings): Finding[] {
  const ids = outcomes.flatMap(({ response }) =>
    response === undefined ? [] : headerValues(response.headers, LOG_ID_HEADER),
  );
  const [distinct, count] = [new Set(ids).size, outcomes.length];
  if (distinct === count) return [];
  const got = `${distinct} different ones: ${ids.slice(0, 3).join(', ')} …`;
  return [{ clause, what: 'log ids', expected: `${count} different ones`, got }];
}

async function readAgain(
  step: Extract<CaseStep, { logsOf: string }>,
  { server, clause, logIds, entrypoint }: Surroundings,
): Promise<Finding[]> {
  const id = logIds.get(step.logsOf);
  if (id === undefined) throw new Error(`no request of this case has logsAs ${step.logsOf}`);
  if (server.readLogs === undefined) throw new Error('the target has the ability logs but its server does not');
  return compareLogs({ clause, expect: step.expect, logs: await server.readLogs(id), entrypoint });
}

async function writeTimings(text: string | null, { server }: Surroundings): Promise<Finding[]> {
  if (server.writeTimings === undefined) throw new Error('the target has the ability timings but its server does not');
  await server.writeTimings(text);
  return [];
}

async function checkLeftovers({ server, clause }: Surroundings, before: readonly string[]): Promise<Finding[]> {
  const after = (await server.listLogFiles?.()) ?? [];
  const left = after.filter((name) => !before.includes(name));
  return left.length === 0
    ? []
    : [{ clause, what: 'log folder', expected: 'as it was before', got: `also ${left.join(', ')}` }];
}
