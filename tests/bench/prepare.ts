// What every measurement needs first: the engine, the images of what is measured, and what is to be known of the
// machine.

import type Docker from 'dockerode';
import { buildImages } from '../../scripts/build/images.ts';
import type { Steps } from '../../scripts/console/steps.ts';
import { ensureBaseImages } from '../../scripts/setup/base-image.ts';
import { ensureEngine } from '../../scripts/setup/engine.ts';
import { describeMachine, type Machine } from './machine.ts';
import type { Subject } from './subjects.ts';

export async function prepare({
  subjects,
  steps,
}: {
  subjects: readonly Subject[];
  steps: Steps;
}): Promise<{ docker: Docker; machine: Machine }> {
  const targets = subjects.map(({ target }) => target);
  const docker = await ensureEngine(steps);
  await ensureBaseImages({ docker, targets, steps });
  await buildImages({ docker, targets, steps });
  return { docker, machine: await describeMachine({ docker, now: new Date() }) };
}
