// Keeps what a run of the whole suite found for the README.

import path from 'node:path';
import { addExamined, toEntry } from '../../ci/examined.ts';
import { openEngine } from '../support/engine.ts';
import type { Run } from './run.ts';
import { FIRST_ANSWER } from './targets/image/serve.ts';

const ROOT = path.join(import.meta.dirname, '../..');

export async function recordRuns(runs: readonly Run[]): Promise<void> {
  const docker = openEngine();
  const on = new Date().toISOString().slice(0, 10);
  const entries = await Promise.all(
    runs.map(async (run) => {
      const { Size: bytes } = await docker.getImage(run.target).inspect();
      return [run.target, toEntry({ run, startMs: run.startTimes[FIRST_ANSWER] ?? 0, bytes, on })] as const;
    }),
  );
  await addExamined({ root: ROOT, entries: Object.fromEntries(entries) });
}
