// Draws by lot, in an order that differs from seed to seed and is the same for one seed everywhere.

import { createHash, randomBytes } from 'node:crypto';

export function newSeed(): string {
  return randomBytes(4).toString('hex');
}

/** All of them, in the seed's order. */
export function shuffle<T>({ seed, of, name }: { seed: string; of: readonly T[]; name(one: T): string }): T[] {
  const ranked = of.map((one) => ({
    one,
    rank: createHash('sha256')
      .update(`${seed}\0${name(one)}`)
      .digest('hex'),
  }));
  return ranked.toSorted((a, b) => (a.rank < b.rank ? -1 : 1)).map(({ one }) => one);
}
