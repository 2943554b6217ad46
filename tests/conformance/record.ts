// Keeps what a run of the whole suite found for the README.

import path from 'node:path';
import Docker from 'dockerode';
import { addExamined, toEntry } from '../../ci/examined.ts';
import type { Run } from './run.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const START = 'docker run to first 200';

export async function recordRuns(runs: readonly Run[]): Promise<void> {
  const docker = new Docker();
  const on = new Date().toISOString().slice(0, 10);
  const entries = await Promise.all(
    runs.map(async (run) => {
      const { Size: bytes } = await docker.getImage(run.target).inspect();
      return [run.target, toEntry({ run, startMs: run.startTimes[START] ?? 0, bytes, on })] as const;
    }),
  );
  await addExamined({ root: ROOT, entries: Object.fromEntries(entries) });
}
