// `npm run bench -- gateway` and `npm run bench -- endurance`: measure the gateway, and write their parts of
// docs/benchmarks.md.

import type { Steps } from '../../../scripts/console/steps.ts';
import { prepare } from '../prepare.ts';
import { publish } from '../publish.ts';
import { chooseSubjects } from '../subjects.ts';
import { openArena } from './arena.ts';
import { measureEndurance } from './endurance.ts';
import { measureOverload } from './overload.ts';
import { drawGateway, type EnduranceMeasured, type GatewayMeasured, renderEndurance, renderGateway } from './report.ts';
import { measureSpeed } from './speed.ts';
import { measureStreaming } from './streaming.ts';
import { ensureTools } from './tools.ts';

const ROUNDS = 7;

/** Beside other proxies before the same container. */
export async function benchGateway({ steps }: { steps: Steps }): Promise<void> {
  await using bench = await openBench({ steps });
  const { arena, vegeta, machine } = bench;
  const speed = await steps.run('Speed', async (say, signal) => {
    const value = await measureSpeed({ arena, vegeta, rounds: ROUNDS, say, signal });
    return { value, note: `${value.addedRatio.median.toFixed(2)} of what Go’s ReverseProxy adds` };
  });
  const streaming = await steps.run('Streaming', async () => ({ value: await measureStreaming({ arena }), note: '' }));
  const overload = await steps.run('Overload', async (_say, signal) => ({
    value: await measureOverload({ arena, vegeta, signal }),
    note: '',
  }));
  const measured: GatewayMeasured = { machine, speed, overload, streaming };
  const report = renderGateway(measured);
  console.log(`\n${report}\n`);
  await publish({ name: 'gateway', measured, report, plots: await drawGateway(measured) });
}

/** A million calls, and half an hour of steady load. */
export async function benchEndurance({ steps }: { steps: Steps }): Promise<void> {
  await using bench = await openBench({ steps });
  const { arena, vegeta, machine } = bench;
  const endurance = await steps.run('Endurance', async (say, signal) => ({
    value: await measureEndurance({ arena, vegeta, say, signal }),
    note: '',
  }));
  const measured: EnduranceMeasured = { machine, endurance };
  const report = renderEndurance(measured);
  console.log(`\n${report}\n`);
  await publish({ name: 'endurance', measured, report });
}

async function openBench({ steps }: { steps: Steps }) {
  const subject = (await chooseSubjects([])).find(({ target }) => target.manifest.default);
  if (!subject) throw new Error('The default runtime has no bare server here.');
  const { machine } = await prepare({ subjects: [subject], steps });
  const tools = await ensureTools(steps);
  const arena = await steps.run('Function and proxies', async () => ({
    value: await openArena({ tools, command: subject.bareCommand }),
    note: 'up',
  }));
  return { arena, vegeta: tools.vegeta, machine, [Symbol.asyncDispose]: () => arena[Symbol.asyncDispose]() };
}
