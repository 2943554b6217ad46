// One part of `npm test`: shown with its title, its time and what it counted, whatever happens in it.

import { type Count, countWhole } from '../../ci/report.ts';
import { explain } from '../console/main.ts';
import { seconds } from '../console/steps.ts';

export interface Stage {
  title: string;
  run(): Promise<Count>;
}

export interface StageResult extends Count {
  title: string;
  ms: number;
}

/** Runs a stage. An error in it counts as one failure, so that the stages after it still run. */
export async function runStage({ title, run }: Stage): Promise<StageResult> {
  console.log(`\n── ${title} ${'─'.repeat(Math.max(0, 76 - title.length))}\n`);
  const started = performance.now();
  const count = await run().catch((error: unknown) => {
    console.error(explain(error));
    return countWhole(false);
  });
  return { title, ms: performance.now() - started, ...count };
}

/** The results of all stages as a table. */
export function table(results: StageResult[]): string {
  const width = Math.max(...results.map(({ title }) => title.length));
  const rows = results.map(({ title, ms, passed, failed, skipped }) =>
    [
      failed === 0 ? '✓' : '✗',
      title.padEnd(width),
      seconds(ms).padStart(11),
      `${passed} passed, ${failed} failed${skipped ? `, ${skipped} skipped` : ''}`,
    ].join('  '),
  );
  return rows.join('\n');
}
