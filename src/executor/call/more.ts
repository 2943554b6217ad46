// Starts further instances of a function from what was said of it when its first one was created.

import { createRuntime } from '../build/create.ts';
import type { Executor } from '../executor.ts';
import type { Acquisition } from './instances.ts';

/** Undefined where that is not known: an earlier executor had it started, or one instance is enough. */
export function starterOfMore({ executor, id }: { executor: Executor; id: string }): Acquisition['start'] {
  const spec = executor.registry.get(id)?.spec;
  // Nobody's leaving ends it: other calls may wait for it.
  return spec && ((kind) => createRuntime({ executor, request: spec, kind, signal: new AbortController().signal }));
}
