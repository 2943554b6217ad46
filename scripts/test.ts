// `npm test [-- --only NAME …] [--seed SEED]`: sets up what is missing, then checks and tests what there is; the last
// line is "N passed, N failed".

import path from 'node:path';
import { program } from 'commander';
import { readExamined } from '../ci/examined.ts';
import { select, targetName } from './build/select.ts';
import { untilAskedToEnd } from './console/ending.ts';
import { main } from './console/main.ts';
import { contentHash } from './test/content-hash.ts';
import { newSeed } from './test/draw.ts';
import { type Plan, plan, planAll } from './test/plan.ts';
import { runStages } from './test/stage.ts';
import { everything, onlyImages } from './test/stages.ts';

const ROOT = path.join(import.meta.dirname, '..');

program
  .name('npm test --')
  .option('--only <images...>', 'NAME or NAME:VERSION: only the images of these languages, and nothing else')
  .option('--seed <seed>', 'draws the same images and cases as the run that printed it')
  .action(({ only, seed = newSeed() }: { only?: string[]; seed?: string }) =>
    main(async () => {
      process.chdir(ROOT);
      const signal = untilAskedToEnd();
      const targets = await select({ words: only ?? [] });
      const hashes = new Map<string, string>();
      for (const target of targets) hashes.set(targetName(target), await contentHash({ target }));
      const request = { targets, examined: await readExamined(ROOT), hashes, seed };
      const chosen = only === undefined ? plan(request) : planAll(request);
      console.log(describe({ plan: chosen, seed }));
      const stages = only === undefined ? everything : onlyImages;
      process.exitCode = (await runStages({ stages: stages({ plan: chosen, seed, signal }), signal })) ? 0 : 1;
    }),
  );
await program.parseAsync();

function names(targets: Plan['full']): string {
  return targets.map(targetName).join(' ') || 'none';
}

function describe({ plan: { full, sample, unproved, left }, seed }: { plan: Plan; seed: string }): string {
  const lines = [
    `Images examined in full, since they or the suite have changed: ${names(full)}`,
    `By sample: ${names(sample)}`,
    `Not looked at: ${names(left)}`,
    `The same images and cases again: npm test -- --seed ${seed}`,
  ];
  if (unproved.length > 0)
    lines.push(
      `Changed, and not examined in full here, since there are too many: ${names(unproved)}`,
      'Before a release: npm run build, then npm run conformance -- --all --record.',
    );
  return lines.join('\n');
}
