// Lints and tests the agent, in the toolchain that images build it with.

import type Docker from 'dockerode';
import { type Count, countWhole } from '../../ci/report.ts';
import { findCaBundle } from '../../src/lib/ca-bundle.ts';
import { stageAgent } from '../build/context.ts';
import { follow, IMAGE_LABEL } from '../build/image.ts';
import { createBuildLog } from '../build/log.ts';
import { RUNTIMES_FOLDER } from '../build/select.ts';
import type { Steps } from '../console/steps.ts';

const IMAGE = 'open-runtimes/agent-test';

/** Its image is kept: a test of the same sources is found there. */
export async function testAgent({ docker, steps }: { docker: Docker; steps: Steps }): Promise<Count> {
  await steps.run('Tests of the agent', async (say, signal) => {
    await using context = await stageAgent({ folder: RUNTIMES_FOLDER, caBundle: findCaBundle(process.env) });
    const log = createBuildLog({ say });
    const stream = await docker.buildImage(
      { context: context.folder, src: ['.'] },
      {
        version: '2',
        abortSignal: signal,
        dockerfile: 'agent/Dockerfile',
        target: 'test',
        t: IMAGE,
        labels: { [IMAGE_LABEL]: IMAGE },
      },
    );
    await follow({ docker, stream, log, what: 'The agent' });
    return { value: undefined, note: 'passed' };
  });
  return countWhole(true);
}
