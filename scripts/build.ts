// `npm run build [-- NAME | NAME:VERSION …] [--force]`: makes images; those whose sources have not changed are kept.

import { program } from 'commander';
import { buildImages } from './build/images.ts';
import { select } from './build/select.ts';
import { untilAskedToEnd } from './console/ending.ts';
import { main } from './console/main.ts';
import { createSteps } from './console/steps.ts';
import { ensureBaseImages } from './setup/base-image.ts';
import { ensureEngine } from './setup/engine.ts';

program
  .name('npm run build --')
  .argument('[images...]', 'NAME or NAME:VERSION; all if left out')
  .option('--force', 'build even what has not changed', false)
  .action((words: string[], { force }: { force: boolean }) =>
    main(async () => {
      const steps = createSteps({ signal: untilAskedToEnd() });
      const targets = await select({ words });
      const docker = await ensureEngine(steps);
      await ensureBaseImages({ docker, targets, steps });
      await buildImages({ docker, targets, steps, force });
    }),
  );
await program.parseAsync();
