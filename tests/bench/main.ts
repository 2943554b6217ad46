// `npm run bench [-- NAME | NAME:VERSION …]`: measures our servers beside bare ones of the same language, in the same
// image.

import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type Docker from 'dockerode';
import { program } from 'commander';
import { untilAskedToEnd } from '../../scripts/console/ending.ts';
import { main } from '../../scripts/console/main.ts';
import { createSteps, type Steps } from '../../scripts/console/steps.ts';
import { benchColdStart } from './cold-start/bench.ts';
import { benchEndurance, benchGateway } from './gateway/bench.ts';
import { ensureGenerator } from './load.ts';
import { measureFootprint } from './measure/footprint.ts';
import { measureSpeed } from './measure/speed.ts';
import { measureStart } from './measure/start.ts';
import { prepare } from './prepare.ts';
import { writePart } from './publish.ts';
import { type Measured, renderReport } from './report.ts';
import { openServers } from './servers.ts';
import { chooseSubjects, type Subject, titleOf } from './subjects.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const RESULTS = path.join(ROOT, 'results');
const SPEED_ROUNDS = 7;
const START_ROUNDS = 15;

program
  .name('npm run bench --')
  .argument(
    '[runtimes...]',
    'NAME or NAME:VERSION; all that have a bare server, and docs/benchmarks.md written, if left out',
  )
  .action((names: string[]) => main(() => bench(names)));
program
  .command('gateway')
  .description('measures the gateway of the executor beside other proxies, and writes its part of docs/benchmarks.md')
  .action(() => main(() => benchGateway({ steps: createSteps({ signal: untilAskedToEnd() }) })));
program
  .command('endurance')
  .description(
    'sends a million calls through the gateway, then a steady load for half an hour, and writes its part ' +
      'of docs/benchmarks.md',
  )
  .action(() => main(() => benchEndurance({ steps: createSteps({ signal: untilAskedToEnd() }) })));
program
  .command('cold-start')
  .argument(
    '[runtimes...]',
    'NAME or NAME:VERSION; all that have a bare server, and docs/benchmarks.md written, if left out',
  )
  .description('measures first calls of functions through an executor, and writes its part of docs/benchmarks.md')
  .action((names: string[]) =>
    main(() => benchColdStart({ names, steps: createSteps({ signal: untilAskedToEnd() }) })),
  );
await program.parseAsync();

async function bench(names: string[]): Promise<void> {
  const steps = createSteps({ signal: untilAskedToEnd() });
  const subjects = await chooseSubjects(names);
  const { docker, machine } = await prepare({ subjects, steps });
  await ensureGenerator(steps);

  const measured: Measured[] = [];
  for (const subject of subjects) measured.push(await measure({ docker, subject, steps }));

  const report = renderReport({ machine, measured });
  console.log(`\n${report}\n`);
  await mkdir(RESULTS, { recursive: true });
  await writeFile(path.join(RESULTS, 'bench.json'), `${JSON.stringify({ machine, measured }, undefined, 2)}\n`);
  // The page holds one run of everything, never numbers of different days side by side.
  if (names.length === 0) await writePart({ name: 'bench', report });
}

async function measure({
  docker,
  subject,
  steps,
}: {
  docker: Docker;
  subject: Subject;
  steps: Steps;
}): Promise<Measured> {
  const title = titleOf(subject);
  await using servers = await steps.run(`${title}: hello function`, async () => ({
    value: await openServers({ docker, subject }),
    note: 'built',
  }));
  const speed = await steps.run(`${title}: speed`, async (say, signal) => {
    const value = await measureSpeed({ servers, rounds: SPEED_ROUNDS, say, signal });
    return { value, note: `${value.throughputRatio.median.toFixed(2)} of the bare server's throughput` };
  });
  const start = await steps.run(`${title}: start`, async (say, signal) => {
    const value = await measureStart({ servers, rounds: START_ROUNDS, say, signal });
    return { value, note: `${value.addedMs.median.toFixed(0)} ms over the bare server` };
  });
  const footprint = await steps.run(`${title}: memory and size`, async () => ({
    value: await measureFootprint({ docker, subject, servers }),
    note: '',
  }));
  return { title, goals: subject.goals, speed, start, footprint };
}
