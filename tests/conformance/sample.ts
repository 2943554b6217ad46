// A sample of the cases: those that tell the most, and as many others as there is time for, drawn by lot.

import { shuffle } from '../../scripts/test/draw.ts';
import type { Case } from './case.ts';

/** Of the cases that are not in every sample, one in this many. */
const ONE_IN = 8;

/** A seed draws other cases for every image, so that a run over many sees more of the suite. */
export function drawSample({ cases, seed, image }: { cases: readonly Case[]; seed: string; image: string }): Case[] {
  const others = cases.filter(({ core }) => core !== true);
  const order = shuffle({ seed: `${seed} ${image}`, of: others, name: ({ name }) => name });
  const drawn = new Set(order.slice(0, Math.ceil(others.length / ONE_IN)));
  return cases.filter((one) => one.core === true || drawn.has(one));
}
