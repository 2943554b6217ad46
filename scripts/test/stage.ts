// The parts of `npm test`: each is shown with its title, its time and what it counted, whatever happens in it.

import { type Count, countWhole, sum, summary } from '../../ci/report.ts';
import { explain } from '../console/main.ts';
import { seconds } from '../console/steps.ts';

export interface Stage {
  title: string;
  run(): Promise<Count>;
}

interface StageResult extends Count {
  title: string;
  ms: number;
}

/** Runs stages one after another and sums them up, the last line being the sum. Returns whether all is well. */
export async function runStages({ stages, signal }: { stages: Stage[]; signal: AbortSignal }): Promise<boolean> {
  const results: StageResult[] = [];
  for (const stage of stages) if (!signal.aborted) results.push(await runStage(stage));
  const total = sum(results);
  console.log(`\n${table(results)}\n\n${summary(total)}`);
  return total.failed === 0 && total.passed > 0 && !signal.aborted;
}

/** Runs a stage. An error in it counts as one failure, so that the stages after it still run. */
async function runStage({ title, run }: Stage): Promise<StageResult> {
  console.log(`\n── ${title} ${'─'.repeat(Math.max(0, 76 - title.length))}\n`);
  const started = performance.now();
  const count = await run().catch((error: unknown) => {
    console.error(explain(error));
    return countWhole(false);
  });
  return { title, ms: performance.now() - started, ...count };
}

/** The results of all stages as a table. */
function table(results: StageResult[]): string {
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
