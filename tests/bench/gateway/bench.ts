// `npm run bench -- gateway`: measures the gateway beside other proxies before the same container, and writes its part of docs/benchmarks.md.

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
import { drawGateway, type GatewayMeasured, renderGateway } from './report.ts';
import { measureSpeed } from './speed.ts';
import { measureStreaming } from './streaming.ts';
import { ensureTools } from './tools.ts';

const DOCS = path.join(import.meta.dirname, '../../../docs');
const FOLDER = path.join(DOCS, 'benchmarks');
const RESULTS = path.join(FOLDER, 'gateway.json');
const ROUNDS = 7;

/** `slow` adds the million calls of the endurance test and half an hour of steady load. */
export async function benchGateway({ steps, slow }: { steps: Steps; slow: boolean }): Promise<void> {
  const subject = (await chooseSubjects([])).find(({ target }) => target.manifest.default);
  if (!subject) throw new Error('The default runtime has no bare server here.');
  const docker = await ensureEngine(steps);
  await ensureBaseImages({ docker, targets: [subject.target], steps });
  await buildImages({ docker, targets: [subject.target], steps });
  const tools = await ensureTools(steps);
  const machine = await describeMachine({ docker, now: new Date() });
  await using arena = await steps.run('Function and proxies', async () => ({ value: await openArena({ tools, command: subject.bareCommand }), note: 'up' }));

  const { vegeta } = tools;
  const speed = await steps.run('Speed', async (say, signal) => {
    const value = await measureSpeed({ arena, vegeta, rounds: ROUNDS, say, signal });
    return { value, note: `${value.addedRatio.median.toFixed(2)} of what Go’s ReverseProxy adds` };
  });
  const streaming = await steps.run('Streaming', async () => ({ value: await measureStreaming({ arena }), note: '' }));
  const overload = await steps.run('Overload', async (_say, signal) => ({ value: await measureOverload({ arena, vegeta, signal }), note: '' }));
  const endurance = slow ? await steps.run('Endurance', async (say, signal) => ({ value: await measureEndurance({ arena, vegeta, say, signal }), note: '' })) : undefined;
  await publish({ machine, speed, overload, streaming, endurance });
}

/** The page is made from the numbers that are kept beside it. */
async function publish(measured: GatewayMeasured): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  await writeFile(RESULTS, `${JSON.stringify(measured, undefined, 2)}\n`);
  const report = renderGateway(measured);
  console.log(`\n${report}\n`);
  for (const [file, svg] of Object.entries(await drawGateway(measured))) await writeFile(path.join(FOLDER, file), svg);
  const page = path.join(DOCS, 'benchmarks.md');
  await writeFile(page, replaceBetweenMarkers({ text: await readFile(page, 'utf8'), name: 'bench-gateway', content: report }));
}
