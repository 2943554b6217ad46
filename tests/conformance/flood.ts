// Sends very many requests and compares the server's memory before and after.

import type { CaseStep, Finding } from './case.ts';
import { exchange, type Surroundings } from './exchange.ts';
import { openConnection } from './wire/connection.ts';

const CONNECTIONS = 16;
const MEBIBYTE = 1_048_576;

export async function flood(
  step: Extract<CaseStep, { flood: unknown }>,
  surroundings: Surroundings,
): Promise<Finding[]> {
  const { server, clause } = surroundings;
  if (server.measureMemory === undefined) throw new Error('the target has the ability memory but its server does not');
  const early = await sendMany(step, { surroundings, count: step.flood.warmup });
  if (early.length > 0) return early;
  const before = await server.measureMemory();
  const findings = await sendMany(step, { surroundings, count: step.flood.requests });
  const growth = ((await server.measureMemory()) - before) / MEBIBYTE;
  if (growth <= step.flood.growth) return findings;
  const got = `${growth.toFixed(1)} MiB over ${(before / MEBIBYTE).toFixed(1)} MiB`;
  return [
    ...findings,
    {
      clause,
      what: `memory after ${step.flood.requests} requests`,
      expected: `at most ${step.flood.growth} MiB more`,
      got,
    },
  ];
}

/** Stops at the first finding: the rest would be more of the same. */
async function sendMany(
  step: Extract<CaseStep, { flood: unknown }>,
  { surroundings, count }: { surroundings: Surroundings; count: number },
): Promise<Finding[]> {
  const findings: Finding[] = [];
  let left = count;
  const worker = async (): Promise<void> => {
    using connection = await openConnection(surroundings.server);
    while (left > 0 && findings.length === 0) {
      left -= 1;
      const outcome = await exchange({ send: step.send, expect: step.expect, surroundings, connection });
      findings.push(...outcome.findings);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
  return findings;
}
