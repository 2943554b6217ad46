// The programs that `npm test` runs, and how what they found is counted.

import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { $ } from 'zx';
import { type Count, countVitest, countWhole, type VitestReport } from '../../ci/report.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const RESULTS = path.join(ROOT, 'results');

// Their output is ours; their input is nobody's, so that none waits for a key.
const show = $({ cwd: ROOT, preferLocal: ROOT, nothrow: true, quiet: true, stdio: ['ignore', 'inherit', 'inherit'] });

/** A program that passes or fails as a whole. */
export async function check(command: string[]): Promise<Count> {
  return countWhole((await show`${command}`).exitCode === 0);
}

/** Some of vitest's projects. */
export async function vitest(projects: string[]): Promise<Count> {
  const report = path.join(RESULTS, `${projects.join('-')}.json`);
  await mkdir(RESULTS, { recursive: true });
  await rm(report, { force: true });
  const chosen = projects.flatMap((project) => ['--project', project]);
  await show`vitest run ${chosen} --reporter=default --reporter=json --outputFile.json=${report}`;
  return countVitest(JSON.parse(await readFile(report, 'utf8')) as VitestReport);
}
