// The programs that `npm test` runs, and how what they found is counted.

import { mkdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { $ } from 'zx';
import {
  type ConformanceRun,
  type Count,
  countConformance,
  countVitest,
  countWhole,
  sum,
  type VitestReport,
} from '../../ci/report.ts';
import { imagesOf } from '../../src/manifest/names.ts';
import { type Target, targetName } from '../build/select.ts';

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
  const report = await newReport(projects.join('-'));
  const chosen = projects.flatMap((project) => ['--project', project]);
  await show`vitest run ${chosen} --reporter=default --reporter=json --outputFile.json=${report}`;
  return countVitest(JSON.parse(await readFile(report, 'utf8')) as VitestReport);
}

/** The conformance suite, or a sample of it if there is a seed, against the images of one version. */
export async function conformance({ target, seed }: { target: Target; seed?: string }): Promise<Count> {
  const sample = seed === undefined ? [] : ['--sample', '--seed', seed];
  const counts: Count[] = [];
  for (const { name, stage } of imagesOf(target.manifest, target.version)) {
    const report = await newReport(
      ['conformance', ...targetName(target).split(':'), ...(stage ? [stage] : [])].join('-'),
    );
    await show`node tests/conformance/main.ts --image ${name} --json ${report} ${sample}`;
    counts.push(...(JSON.parse(await readFile(report, 'utf8')) as ConformanceRun[]).map(countConformance));
  }
  return sum(counts);
}

/** A file that nothing of an earlier run is in. */
async function newReport(name: string): Promise<string> {
  const report = path.join(RESULTS, `${name}.json`);
  await mkdir(RESULTS, { recursive: true });
  await rm(report, { force: true });
  return report;
}
