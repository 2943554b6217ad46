// The parts of `npm test`: what needs no engine, what makes the engine ready, and what is tested on it.

import type Docker from 'dockerode';
import { which } from 'zx';
import { countWhole } from '../../ci/report.ts';
import { buildImages } from '../build/images.ts';
import { type Target, targetName } from '../build/select.ts';
import { createSteps, type Steps } from '../console/steps.ts';
import { ensureBaseImages } from '../setup/base-image.ts';
import { ensureEngine } from '../setup/engine.ts';
import { installPackages } from '../setup/packages.ts';
import { testAgent } from './agent.ts';
import { ahead } from './ahead.ts';
import { check, conformance, vitest } from './commands.ts';
import type { Plan } from './plan.ts';
import { installS3Server, s3ServerIsInstalled } from './s3-server.ts';
import type { Stage } from './stage.ts';

interface Request {
  plan: Plan;
  seed: string;
  signal: AbortSignal;
}

/** What tells most quickly that something is wrong; `npm run check` is just this. */
export function checks(): Stage[] {
  return [
    { title: 'Types', run: () => check(['tsc', '--noEmit']) },
    { title: 'Style', run: () => check(['oxlint', '--deny-warnings']) },
    { title: 'Format', run: () => check(['oxfmt', '--check', '.']) },
    { title: 'Unit and repository tests', run: () => vitest(['unit', 'repo']) },
  ];
}

/** Everything. The engine and the base images are made ready beside the checks, which need neither. */
export function everything(request: Request): Stage[] {
  const { steps, ready } = beginSetUp(request);
  const tools = async (): Promise<void> => {
    await ready;
    await ensureRegistry(steps);
    await ensureS3Server(steps);
  };
  return [
    ...checks(),
    { title: 'Set-up', run: () => tools().then(() => countWhole(true)) },
    { title: 'Agent', run: async () => testAgent({ docker: await ready, steps }) },
    { title: 'Storages', run: () => vitest(['storage']) },
    { title: 'Adapters', run: () => vitest(['adapters']) },
    { title: 'Proof of the conformance suite', run: () => vitest(['conformance']) },
    ...images({ ...request, steps, ready }),
    { title: 'End to end', run: () => vitest(['e2e']) },
  ];
}

/** Only the images, for those who work on a language. */
export function onlyImages(request: Request): Stage[] {
  const { steps, ready } = beginSetUp(request);
  return [{ title: 'Set-up', run: () => ready.then(() => countWhole(true)) }, ...images({ ...request, steps, ready })];
}

interface SetUp {
  steps: Steps;
  /** The engine, once all base images are there. */
  ready: Promise<Docker>;
}

function beginSetUp({ plan: { full, sample }, signal }: Request): SetUp {
  // Other programs write to the same terminal meanwhile, so lines must be whole ones.
  const steps = createSteps({ signal, screen: { write: (text) => process.stdout.write(text) } });
  const setUp = async (): Promise<Docker> => {
    const docker = await ensureEngine(steps);
    await ensureBaseImages({ docker, targets: [...full, ...sample], steps });
    return docker;
  };
  const ready = setUp();
  // The stages that wait for it tell why it failed.
  ready.catch(() => {});
  return { steps, ready };
}

/** The next image is built while one is examined, which mostly waits. */
function images({ plan: { full, sample }, seed, steps, ready }: Request & SetUp): Stage[] {
  const targets = [...full, ...sample];
  const builds = ahead(targets.map((target) => () => build({ target, steps, ready })));
  return targets.map((target, index) => ({
    title: `Conformance of ${targetName(target)}${full.includes(target) ? '' : ', by sample'}`,
    run: async () => {
      await builds[index]?.();
      return conformance({ target, ...(!full.includes(target) && { seed }) });
    },
  }));
}

async function build({ target, steps, ready }: { target: Target } & SetUp): Promise<void> {
  await buildImages({ docker: await ready, targets: [target], steps });
}

/** A real registry is what publishing is tested against. */
async function ensureRegistry(steps: Steps): Promise<void> {
  if (await which('docker-registry', { nothrow: true })) return;
  await steps.run('Container registry for tests', async (say) => {
    await installPackages({ names: ['docker-registry'], say });
    return { value: undefined, note: 'installed' };
  });
}

/** And a real S3-compatible server is what the storage is tested against. */
async function ensureS3Server(steps: Steps): Promise<void> {
  if (await s3ServerIsInstalled()) return;
  await steps.run('S3-compatible server for tests', async (say) => {
    await installS3Server({ say });
    return { value: undefined, note: 'installed' };
  });
}
