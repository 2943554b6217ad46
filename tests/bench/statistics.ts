// Condenses the rounds of a measurement to a few numbers.

export interface Spread {
  lowest: number;
  median: number;
  highest: number;
}

/** @throws RangeError if there are no values. */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const [lowest] = sorted;
  const highest = sorted.at(-1);
  if (lowest === undefined || highest === undefined) throw new RangeError('A spread needs at least one value.');
  return { lowest, median: median(sorted), highest };
}

/** Of values in ascending order: the middle one, or the mean of the middle two. */
function median(sorted: readonly number[]): number {
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

export interface Quantiles {
  median: number;
  p95: number;
  p99: number;
  highest: number;
}

/** By nearest rank. @throws RangeError if there are no values. */
export function quantiles(values: readonly number[]): Quantiles {
  const sorted = values.toSorted((a, b) => a - b);
  const at = (part: number) => sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? Number.NaN;
  return { median: spread(sorted).median, p95: at(0.95), p99: at(0.99), highest: at(1) };
}
