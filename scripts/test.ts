// `npm test`: sets up what is missing, then checks and tests everything there is; the last line is "N passed, N
// failed".

import path from 'node:path';
import type Docker from 'dockerode';
import { which } from 'zx';
import { countWhole, sum, summary } from '../ci/report.ts';
import { buildImages } from './build/images.ts';
import { select, type Target, targetName } from './build/select.ts';
import { untilAskedToEnd } from './console/ending.ts';
import { createSteps } from './console/steps.ts';
import { ensureBaseImages } from './setup/base-image.ts';
import { ensureEngine } from './setup/engine.ts';
import { installPackages } from './setup/packages.ts';
import { check, conformance, vitest } from './test/commands.ts';
import { installS3Server, s3ServerIsInstalled } from './test/s3-server.ts';
import { runStage, type Stage, table } from './test/stage.ts';

const signal = untilAskedToEnd();
const steps = createSteps({ signal });

function stagesFor(targets: Target[]): Stage[] {
  let docker: Docker;
  return [
    { title: 'Types', run: () => check(['tsc', '--noEmit']) },
    { title: 'Style', run: () => check(['oxlint', '--deny-warnings']) },
    { title: 'Format', run: () => check(['oxfmt', '--check', '.']) },
    { title: 'Unit and repository tests', run: () => vitest(['unit', 'repo']) },
    {
      title: 'Set-up',
      run: async () => {
        docker = await ensureEngine(steps);
        await ensureBaseImages({ docker, targets, steps });
        await ensureRegistry();
        await ensureS3Server();
        return countWhole(true);
      },
    },
    { title: 'Storages', run: () => vitest(['storage']) },
    { title: 'Adapters', run: () => vitest(['adapters']) },
    { title: 'Proof of the conformance suite', run: () => vitest(['conformance']) },
    ...targets.map((target) => ({
      title: `Conformance of ${targetName(target)}`,
      run: async () => {
        await buildImages({ docker, targets: [target], steps });
        return conformance(target);
      },
    })),
    { title: 'End to end', run: () => vitest(['e2e']) },
  ];
}

/** A real registry is what publishing is tested against. */
async function ensureRegistry(): Promise<void> {
  if (await which('docker-registry', { nothrow: true })) return;
  await steps.run('Container registry for tests', async (say) => {
    await installPackages({ names: ['docker-registry'], say });
    return { value: undefined, note: 'installed' };
  });
}

/** And a real S3-compatible server is what the storage is tested against. */
async function ensureS3Server(): Promise<void> {
  if (await s3ServerIsInstalled()) return;
  await steps.run('S3-compatible server for tests', async (say) => {
    await installS3Server({ say });
    return { value: undefined, note: 'installed' };
  });
}

process.chdir(path.join(import.meta.dirname, '..'));
const results = [];
for (const stage of stagesFor(await select({ words: process.argv.slice(2) }))) {
  if (!signal.aborted) results.push(await runStage(stage));
}
const total = sum(results);
console.log(`\n${table(results)}\n\n${summary(total)}`);
process.exitCode = total.failed === 0 && total.passed > 0 && !signal.aborted ? 0 : 1;
