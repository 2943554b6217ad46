// `npm run conformance`: examines images or a server that is up, and says where they differ from the contract.

import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { countConformance, sum, summary } from '../../ci/report.ts';
import { untilAskedToEnd } from '../../scripts/console/ending.ts';
import { main } from '../../scripts/console/main.ts';
import { newSeed } from '../../scripts/test/draw.ts';
import { allCases } from './cases/all.ts';
import { RULES } from './check/universal.ts';
import { type Choice, chooseCases, chooseTargets } from './choose.ts';
import { readSections } from './clauses.ts';
import { recordRun } from './record.ts';
import { renderRun } from './report.ts';
import { type Run, runCases } from './run.ts';

const options = new Command('conformance')
  .description('Examines images, or a server that is up, against docs/contract.md.')
  .option('--image <name>', 'an image, by its name or an alias')
  .option('--fixture <folder>', 'with --image: the fixture in its language, for images that no manifest names')
  .option('--url <url>', 'a server that is up and serves the fixture’s function')
  .option('--secret <secret>', 'with --url: its OPEN_RUNTIMES_SECRET')
  .option('--runtime <name[:version]>', 'all images of a runtime, or one; with --url: what is found there')
  .option('--all', 'every version of every runtime')
  .option('--sample', 'only a sample of the cases, another one every time')
  .option('--seed <seed>', 'with --sample: draws the same sample as the run that printed it')
  .option('--slow', 'also the cases that take minutes')
  .option('--case <name...>', 'only these cases')
  .option('--json <file>', 'write the results there as JSON')
  .option('--record', 'keep what was found in docs/images.json, for the README; the whole suite against images only')
  .option('--list', 'name the cases and what they cover, and stop');

async function work(): Promise<void> {
  const choice: Choice & { json?: string; record?: true; list?: true } = withSeed(options.parse().opts());
  if (choice.list === true) {
    for (const { name, covers } of [...allCases, ...RULES]) console.log(`${name.padEnd(48)}${covers}`);
    return;
  }
  if (choice.record === true && [choice.url, choice.sample, choice.case].some((one) => one !== undefined)) {
    throw new Error('--record goes with images and the whole suite: not with --url, --sample or --case.');
  }
  const signal = untilAskedToEnd();
  const sections = await readSections();
  const runs: Run[] = [];
  for (const open of await chooseTargets(choice)) {
    await using target = await open();
    const run = await runCases({ target, cases: chooseCases(choice, target), signal });
    runs.push(run);
    console.log(`${renderRun(run, sections)}\n`);
    if (choice.record === true) await recordRun(run);
  }
  if (choice.json !== undefined) await writeFile(choice.json, `${JSON.stringify(runs, undefined, 2)}\n`);
  const total = sum(runs.map(countConformance));
  console.log(summary(total));
  process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
}

/** A sample is drawn from a seed, which is printed so that the same one can be drawn again. */
function withSeed<T extends Choice>(choice: T): T {
  if (choice.seed !== undefined && choice.sample === undefined) throw new Error('--seed goes with --sample.');
  if (choice.sample === undefined) return choice;
  const seed = choice.seed ?? newSeed();
  console.log(`A sample of the cases; the same one again: --sample --seed ${seed}\n`);
  return { ...choice, seed };
}

await main(work);
