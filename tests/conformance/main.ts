// `npm run conformance`: examines images or a server that is up, and says where they differ from the contract.

import { writeFile } from 'node:fs/promises';
import { Command } from 'commander';
import { countConformance, sum, summary } from '../../ci/report.ts';
import { untilAskedToEnd } from '../../scripts/console/ending.ts';
import { main } from '../../scripts/console/main.ts';
import { allCases } from './cases/all.ts';
import { RULES } from './check/universal.ts';
import { type Choice, chooseCases, chooseTargets } from './choose.ts';
import { readSections } from './clauses.ts';
import { recordRuns } from './record.ts';
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
  .option('--core', 'only the quick subset')
  .option('--slow', 'also the cases that take minutes')
  .option('--case <name...>', 'only these cases')
  .option('--json <file>', 'write the results there as JSON')
  .option('--record', 'keep what was found in docs/images.json, for the README; the whole suite against images only')
  .option('--list', 'name the cases and what they cover, and stop');

async function work(): Promise<void> {
  const choice: Choice & { json?: string; record?: true; list?: true } = options.parse().opts();
  if (choice.list === true) {
    for (const { name, covers } of [...allCases, ...RULES]) console.log(`${name.padEnd(48)}${covers}`);
    return;
  }
  if (choice.record === true && [choice.url, choice.core, choice.case].some((one) => one !== undefined)) {
    throw new Error('--record goes with images and the whole suite: not with --url, --core or --case.');
  }
  const signal = untilAskedToEnd();
  const sections = await readSections();
  const runs: Run[] = [];
  for (const open of await chooseTargets(choice)) {
    await using target = await open();
    const run = await runCases({ target, cases: chooseCases(choice, target.checks), signal });
    runs.push(run);
    console.log(`${renderRun(run, sections)}\n`);
  }
  if (choice.json !== undefined) await writeFile(choice.json, `${JSON.stringify(runs, undefined, 2)}\n`);
  if (choice.record === true) await recordRuns(runs);
  const total = sum(runs.map(countConformance));
  console.log(summary(total));
  process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
}

await main(work);
