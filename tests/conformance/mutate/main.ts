// `npm run mutate`: puts small faults into a server that keeps the contract, one at a time, and counts how many of
// them the suite sees.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Command, InvalidArgumentError } from 'commander';
import { main } from '../../../scripts/console/main.ts';
import { type HasRun, readCoverage } from './coverage.ts';
import { type Judged, judge, renderPage } from './page.ts';
import { chooseSome } from './sample.ts';
import { FAKES, type Mutant, readMutants } from './subjects.ts';

const PAGE = path.join(import.meta.dirname, '../../../docs/mutations.md');
const LEAST_CAUGHT = 0.98;

const options = new Command('mutate')
  .description(
    'Puts small faults into a server, one at a time, and writes down in docs/mutations.md which no case sees.',
  )
  .option('--seed <n>', 'which mutations are taken', toNumber, 1)
  .option('--count <n>', 'how many', toNumber, 300)
  .option('--parallel <n>', 'how many are asked at a time', toNumber, 6);

function toNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new InvalidArgumentError('It takes a number.');
  return Number(text);
}

interface Numbered {
  mutant: Mutant;
  /** Its place among all. */
  index: number;
}

async function work(): Promise<void> {
  const { seed, count, parallel } = options.parse().opts<{ seed: number; count: number; parallel: number }>();
  const judged: Judged[] = [];
  const { limitMs, coverage } = await askOriginal();
  const all = (await readMutants()).map((mutant, index): Numbered => ({ mutant, index }));
  // What the correct fake never runs is there for faulty ones.
  const used = all.filter(({ mutant: { file, mutation } }) =>
    coverage.get(pathToFileURL(path.join(FAKES, file)).href)?.(mutation.start),
  );
  const left = chooseSome(used, { count, seed }).values();
  const worker = async (): Promise<void> => {
    for (const { mutant, index } of left) {
      const result = judge(mutant, await ask({ index, limitMs }));
      judged.push(result);
      report(result, judged.length);
    }
  };
  await Promise.all(Array.from({ length: parallel }, worker));
  await writeFile(PAGE, renderPage({ judged, seed }));
  const caught = judged.filter(({ caughtBy }) => caughtBy !== undefined).length;
  const unexplained = judged.filter(({ caughtBy, reason }) => caughtBy === undefined && reason === undefined).length;
  console.log(`${caught} of ${judged.length} caught, ${unexplained} of the others not explained`);
  process.exitCode = unexplained === 0 && caught >= judged.length * LEAST_CAUGHT ? 0 : 1;
}

/** Whoever takes four times as long as the original hangs. */
async function askOriginal(): Promise<{ limitMs: number; coverage: Map<string, HasRun> }> {
  const folder = await mkdtemp(path.join(tmpdir(), 'mutate-'));
  try {
    const began = performance.now();
    const failed = await ask({ limitMs: 600_000, environment: { NODE_V8_COVERAGE: folder } });
    if (failed !== undefined) throw new Error(`The original itself fails: ${failed}.`);
    return { limitMs: Math.ceil((performance.now() - began) * 4), coverage: await readCoverage(folder) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Question {
  /** The original if left out. */
  index?: number;
  limitMs: number;
  environment?: Readonly<Record<string, string>>;
}

/** What caught it: a case, its own end, or the time limit; undefined if nothing did. */
function ask({ index, limitMs, environment }: Question): Promise<string | undefined> {
  const parameters = [path.join(import.meta.dirname, 'ask.ts'), ...(index === undefined ? [] : [String(index)])];
  return new Promise((resolve) => {
    const env = { ...process.env, ...environment };
    execFile(process.execPath, parameters, { timeout: limitMs, killSignal: 'SIGKILL', env }, (error, stdout) => {
      if (error === null) resolve(undefined);
      else if (error.killed === true) resolve('the time limit');
      else resolve(stdout === '' ? 'its own end' : stdout.slice(0, 80));
    });
  });
}

function report({ mutant: { file, mutation }, caughtBy, reason }: Judged, done: number): void {
  const outcome = caughtBy ?? (reason === undefined ? 'NOTHING' : 'nothing, which is no fault');
  console.log(`${done} ${file}:${mutation.line}  ${mutation.change}  caught by ${outcome}`);
}

await main(work);
