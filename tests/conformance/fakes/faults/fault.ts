// The shape of a faulty fake: the correct one with one part replaced, and the cases that must notice.

import type { Behaviour } from '../behaviour.ts';

export interface Fault {
  /** What it does wrong. */
  name: string;
  faults: Partial<Behaviour>;
  /** All cases that fail, and no others; a name that ends in `*` stands for all that begin so. */
  caughtBy: readonly string[];
  /** Cases that fail or not, as other requests happen to come; proof is by the others. */
  sometimes?: readonly string[];
  /** Also proved by the heavy cases. */
  heavy?: true;
}
