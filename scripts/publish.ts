// `npm run publish -- --registry HOST [--dry-run] [NAME | NAME:VERSION …]`: pushes images, all or none.

import { program } from 'commander';
import { select } from './build/select.ts';
import { main } from './console/main.ts';
import { createSteps } from './console/steps.ts';
import { findCredentials } from './publish/credentials.ts';
import { publish } from './publish/publish.ts';
import { createRegistry } from './publish/registry.ts';
import { ensureEngine } from './setup/engine.ts';

program
  .name('npm run publish --')
  .argument('[images...]', 'NAME or NAME:VERSION; all if left out')
  .requiredOption('--registry <host>', 'the registry, such as registry.example.org or localhost:5000')
  .option('--dry-run', 'check everything, push nothing', false)
  .action((words: string[], { registry: host, dryRun }: { registry: string; dryRun: boolean }) =>
    main(async () => {
      const steps = createSteps();
      const targets = await select({ words });
      const docker = await ensureEngine(steps);
      const registry = createRegistry({ host, credentials: await findCredentials({ host, environment: process.env }) });
      const names = await publish({ docker, registry, targets, steps, dryRun });
      console.log(`\n${dryRun ? 'Would push' : 'Pushed'} to ${host}:\n${names.map((name) => `  ${name}`).join('\n')}`);
    }),
  );
await program.parseAsync();
