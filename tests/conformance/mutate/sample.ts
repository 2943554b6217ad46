// Chooses some of many by a seed: the same ones for the same seed, on every machine.

/** In their old order. */
export function chooseSome<T>(all: readonly T[], { count, seed }: { count: number; seed: number }): T[] {
  const random = numbersFrom(seed);
  const drawn = all.map((one, index) => ({ one, index, lot: random() }));
  return drawn
    .toSorted((a, b) => a.lot - b.lot)
    .slice(0, count)
    .toSorted((a, b) => a.index - b.index)
    .map(({ one }) => one);
}

/** A linear congruential generator with the constants of Numerical Recipes. */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0);
}
