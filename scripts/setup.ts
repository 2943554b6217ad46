// `npm run setup`: makes a Docker Engine and the base images of the runtimes present. Does nothing where nothing is
// missing.

import { select } from './build/select.ts';
import { untilAskedToEnd } from './console/ending.ts';
import { main } from './console/main.ts';
import { createSteps } from './console/steps.ts';
import { ensureBaseImages } from './setup/base-image.ts';
import { ensureEngine } from './setup/engine.ts';

await main(async () => {
  const steps = createSteps({ signal: untilAskedToEnd() });
  const targets = await select({ words: process.argv.slice(2) });
  const docker = await ensureEngine(steps);
  await ensureBaseImages({ docker, targets, steps });
});
