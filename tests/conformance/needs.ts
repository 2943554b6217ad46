// Which abilities of a target a case needs, and why a case is not run against a target.

import type { Case } from './case.ts';
import { stepsOf } from './perform.ts';
import { ABILITIES, type Ability, type Target } from './targets/target.ts';

export function needsOf(one: Case): Ability[] {
  if ('examine' in one) return ['image', ...(one.needs ?? [])];
  const steps = stepsOf(one);
  return [
    ...(one.needs ?? []),
    ...(one.setup?.environment === undefined ? [] : (['environment'] as const)),
    ...(one.setup?.fixture === undefined ? [] : (['fixtures'] as const)),
    ...(steps.some((step) => 'timings' in step) ? (['timings'] as const) : []),
    ...(steps.some((step) => 'flood' in step) ? (['memory'] as const) : []),
  ];
}

/** Why the target cannot be asked; undefined if it can. */
export function whyNot(one: Case, target: Target): string | undefined {
  const missing = needsOf(one).find((ability) => !target.abilities.has(ability));
  return missing === undefined ? undefined : `needs a target that ${ABILITIES[missing]}`;
}
