// Counts what passed and failed in the reports that the parts of a test run leave.

export interface Count {
  passed: number;
  failed: number;
  skipped: number;
}

export const NOTHING: Count = { passed: 0, failed: 0, skipped: 0 };

/** The parts of vitest's JSON report that count. */
export interface VitestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  success: boolean;
}

/** A file that cannot even be loaded has no tests that fail, but the run has; that is one failure. */
export function countVitest(report: VitestReport): Count {
  const failed = report.success ? report.numFailedTests : Math.max(report.numFailedTests, 1);
  return { passed: report.numPassedTests, failed, skipped: report.numPendingTests + report.numTodoTests };
}

/** The parts of one target's conformance results that count; the suite's JSON report is a list of them. */
export interface ConformanceRun {
  results: readonly { outcome: 'pass' | 'exempt' | 'fail' | 'error' }[];
  /** Set if the target is not up and speaking; nothing else was run then. */
  smoke?: object;
}

/**
 * What is exempt has been looked at and failed as it should, or cannot be asked of this target: it counts as skipped.
 */
export function countConformance({ results, smoke }: ConformanceRun): Count {
  const of = (...outcomes: string[]) => results.filter(({ outcome }) => outcomes.includes(outcome)).length;
  return { passed: of('pass'), failed: of('fail', 'error') + (smoke ? 1 : 0), skipped: of('exempt') };
}

/** Something that passes or fails as a whole. */
export function countWhole(passed: boolean): Count {
  return passed ? { ...NOTHING, passed: 1 } : { ...NOTHING, failed: 1 };
}

export function sum(counts: Count[]): Count {
  return counts.reduce(
    (total, count) => ({
      passed: total.passed + count.passed,
      failed: total.failed + count.failed,
      skipped: total.skipped + count.skipped,
    }),
    NOTHING,
  );
}

/** The last line of a run, which machines read. */
export function summary({ passed, failed }: Count): string {
  return `${passed} passed, ${failed} failed`;
}
