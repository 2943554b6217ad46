// `npm run bench -- cold-start`: measures first calls through an executor, and writes its part of docs/benchmarks.md.

import type Docker from 'dockerode';
import type { Steps } from '../../../scripts/console/steps.ts';
import { prepare } from '../prepare.ts';
import { publish } from '../publish.ts';
import { openServers } from '../servers.ts';
import { chooseSubjects, type Subject, titleOf } from '../subjects.ts';
import { measureBare } from './bare.ts';
import { type CrowdResult, measureCrowd } from './crowd.ts';
import { coldExecutor, type FirstCall } from './executor.ts';
import { measureKnown } from './known.ts';
import { type ColdMeasured, drawColdStarts, renderColdStarts, type RuntimeStarts } from './report.ts';
import { measureStarts, type StartKind } from './starts.ts';

const BARE_ROUNDS = 15;
const ROUNDS: Record<StartKind, number> = { warm: 60, cold: 20, scratch: 20 };
// A standby that has gone is replaced within a second, and rounds are not that close.
const STANDBYS = '4';
const STANDBYS_OF_A_BURST = '50';

/** With names, only those are measured, and nothing is written. */
export async function benchColdStart({ names, steps }: { names: string[]; steps: Steps }): Promise<void> {
  const subjects = await chooseSubjects(names);
  const { docker, machine } = await prepare({ subjects, steps });
  const runtimes: RuntimeStarts[] = [];
  for (const subject of subjects) runtimes.push(await measureRuntime({ docker, subject, steps }));
  const crowd = await measureCrowdOf({
    docker,
    subject: subjects.find(({ target }) => target.manifest.default) ?? subjects[0],
    steps,
  });
  const knownBytes = await steps.run('Functions that nobody calls', async () => ({
    value: await measureKnown(),
    note: '',
  }));
  const measured: ColdMeasured = { machine, runtimes, crowd, knownBytes };
  const report = renderColdStarts(measured);
  console.log(`\n${report}\n`);
  if (names.length === 0)
    await publish({
      name: 'cold-start',
      measured,
      report,
      plots: { 'cold-start.svg': await drawColdStarts(measured) },
    });
}

async function measureRuntime({
  docker,
  subject,
  steps,
}: {
  docker: Docker;
  subject: Subject;
  steps: Steps;
}): Promise<RuntimeStarts> {
  const title = titleOf(subject);
  await using servers = await steps.run(`${title}: hello function`, async () => ({
    value: await openServers({ docker, subject }),
    note: 'built',
  }));
  const bare = await steps.run(`${title}: bare server`, async (say, signal) => {
    const value = await measureBare({
      image: subject.image,
      command: subject.bareCommand,
      code: servers.bareCode,
      rounds: BARE_ROUNDS,
      say,
      signal,
    });
    return { value, note: `${value.answerMs.median.toFixed(0)} ms` };
  });
  const kinds = {} as Record<StartKind, RuntimeStarts['kinds'][StartKind]>;
  for (const kind of ['warm', 'cold', 'scratch'] as const) {
    kinds[kind] = await steps.run(`${title}: ${kind}`, async (say, signal) => {
      await using executor = await coldExecutor({ OPR_EXECUTOR_STANDBY_MAX: kind === 'scratch' ? '0' : STANDBYS });
      const value = await measureStarts({
        executor,
        kind,
        function: await functionOf({ subject, artifact: servers.artifact, executor }),
        rounds: ROUNDS[kind],
        say,
        signal,
      });
      return { value, note: `${value.median.toFixed(0)} ms` };
    });
  }
  return {
    title,
    warmStandby: subject.target.manifest.features.includes('warm-standby'),
    engineMs: bare.engineMs.median,
    bareMs: bare.answerMs.median,
    kinds,
  };
}

async function measureCrowdOf({
  docker,
  subject,
  steps,
}: {
  docker: Docker;
  subject: Subject | undefined;
  steps: Steps;
}): Promise<CrowdResult> {
  if (!subject) throw new Error('There is no runtime to measure.');
  await using servers = await openServers({ docker, subject });
  return await steps.run(`${titleOf(subject)}: many first calls at once`, async (_say, signal) => {
    await using executor = await coldExecutor({
      OPR_EXECUTOR_STANDBY_MAX: STANDBYS_OF_A_BURST,
      OPR_EXECUTOR_MAX_RUNTIMES: '200',
    });
    const value = await measureCrowd({
      executor,
      function: await functionOf({ subject, artifact: servers.artifact, executor }),
      signal,
    });
    return { value, note: '' };
  });
}

async function functionOf({
  subject,
  artifact,
  executor,
}: {
  subject: Subject;
  artifact: string;
  executor: Awaited<ReturnType<typeof coldExecutor>>;
}): Promise<Omit<FirstCall, 'id'>> {
  return {
    image: subject.image,
    entrypoint: subject.target.manifest.entrypoint,
    source: await executor.store({ file: artifact, name: 'hello.tar.gz' }),
  };
}
