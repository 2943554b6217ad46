// Does the next job while the result of the one before is being used.

/**
 * A function for each job, to be called in their order; its job may be done by then. Jobs run one at a time, and one
 * that failed does not keep the next from being done.
 */
export function ahead<T>(jobs: readonly (() => Promise<T>)[]): (() => Promise<T>)[] {
  const begun: Promise<T>[] = [];
  const begin = (index: number): Promise<T> | undefined => {
    const job = jobs[index];
    if (job === undefined) return undefined;
    begun[index] ??= Promise.allSettled(begun.slice(0, index)).then(job);
    return begun[index];
  };
  return jobs.map((_, index) => async () => {
    const mine = begin(index) as Promise<T>;
    await mine.catch(() => {});
    // Whoever calls for it sees how it ended.
    begin(index + 1)?.catch(() => {});
    return mine;
  });
}
