// `npm run bench -- gateway` and `npm run bench -- endurance`: measure the gateway, and write their parts of docs/benchmarks.md.

import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildImages } from '../../../scripts/build/images.ts';
import type { Steps } from '../../../scripts/console/steps.ts';
import { replaceBetweenMarkers } from '../../../scripts/generate/files.ts';
import { ensureBaseImages } from '../../../scripts/setup/base-image.ts';
import { ensureEngine } from '../../../scripts/setup/engine.ts';
import { describeMachine } from '../machine.ts';
import { chooseSubjects } from '../subjects.ts';
import { openArena } from './arena.ts';
import { measureEndurance } from './endurance.ts';
import { measureOverload } from './overload.ts';
import { drawGateway, type EnduranceMeasured, type GatewayMeasured, renderEndurance, renderGateway } from './report.ts';
import { measureSpeed } from './speed.ts';
import { measureStreaming } from './streaming.ts';
import { ensureTools } from './tools.ts';

const DOCS = path.join(import.meta.dirname, '../../../docs');
const FOLDER = path.join(DOCS, 'benchmarks');
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
  const overload = await steps.run('Overload', async (_say, signal) => ({ value: await measureOverload({ arena, vegeta, signal }), note: '' }));
  const measured: GatewayMeasured = { machine, speed, overload, streaming };
  await publish({ name: 'gateway', measured, report: renderGateway(measured) });
  for (const [file, svg] of Object.entries(await drawGateway(measured))) await writeFile(path.join(FOLDER, file), svg);
}

/** A million calls, and half an hour of steady load. */
export async function benchEndurance({ steps }: { steps: Steps }): Promise<void> {
  await using bench = await openBench({ steps });
  const { arena, vegeta, machine } = bench;
  const endurance = await steps.run('Endurance', async (say, signal) => ({ value: await measureEndurance({ arena, vegeta, say, signal }), note: '' }));
  const measured: EnduranceMeasured = { machine, endurance };
  await publish({ name: 'endurance', measured, report: renderEndurance(measured) });
}

async function openBench({ steps }: { steps: Steps }) {
  const subject = (await chooseSubjects([])).find(({ target }) => target.manifest.default);
  if (!subject) throw new Error('The default runtime has no bare server here.');
  const docker = await ensureEngine(steps);
  await ensureBaseImages({ docker, targets: [subject.target], steps });
  await buildImages({ docker, targets: [subject.target], steps });
  const tools = await ensureTools(steps);
  const machine = await describeMachine({ docker, now: new Date() });
  const arena = await steps.run('Function and proxies', async () => ({ value: await openArena({ tools, command: subject.bareCommand }), note: 'up' }));
  return { arena, vegeta: tools.vegeta, machine, [Symbol.asyncDispose]: () => arena[Symbol.asyncDispose]() };
}

/** The page is made from the numbers that are kept beside it. */
async function publish({ name, measured, report }: { name: string; measured: unknown; report: string }): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(path.join(FOLDER, `${name}.json`), `${JSON.stringify(measured, undefined, 2)}\n`);
  console.log(`\n${report}\n`);
  const page = path.join(DOCS, 'benchmarks.md');
  await writeFile(page, replaceBetweenMarkers({ text: await readFile(page, 'utf8'), name: `bench-${name}`, content: report }));
}
