// `npm start [-- FOLDER | ARCHIVE]`: sets up what is missing, then builds, starts and calls a function and goes on
// serving it.

import { program } from 'commander';
import { untilAskedToEnd } from './console/ending.ts';
import { main } from './console/main.ts';
import { createSteps } from './console/steps.ts';
import { run, type StartOptions } from './start/run.ts';

program
  .name('npm start --')
  .argument('[code]', 'a folder, .tar.gz or .zip; an example if left out')
  .option('--runtime <name>', 'NAME or NAME:VERSION, if the code does not tell')
  .option('--entrypoint <file>', 'the file that is the function, if its name does not tell')
  .option('--port <number>', 'where to listen; 3000 if that is free', Number)
  .option('--development', 'errors of the executor say where in the source they come from')
  .action((location: string | undefined, options: Omit<StartOptions, 'location'>) =>
    main(async () => {
      const signal = untilAskedToEnd();
      const steps = createSteps({ signal });
      try {
        await run({ options: { location, ...options }, steps, signal });
      } catch (error) {
        if (!signal.aborted) throw error;
        console.log('Ended; nothing is left behind.');
      }
    }),
  );
await program.parseAsync();
