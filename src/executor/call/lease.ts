// Finds the runtime for a call and counts the call in it: the gateway's only use of what the executor knows of
// runtimes.

import type { Executor } from '../executor.ts';
import { acquire as acquireRoom, release, takeRoom } from './instances.ts';
import { untilListening } from '../start/listening.ts';
import { starterOfMore } from './more.ts';
import type { Runtime } from '../runtimes/runtime.ts';

/**
 * A runtime that answers; at once if there is one. It counts as busy until it is released. Throws `runtime_not_found`,
 * and why it does not start.
 */
export function acquire({ executor, id }: { executor: Executor; id: string }): Runtime | Promise<Runtime> {
  const runtime = takeRoom({ executor, id });
  return runtime?.listening ? runtime : acquireLater({ executor, id, runtime });
}

const NEVER = new AbortController().signal;

async function acquireLater({
  executor,
  id,
  runtime: present,
}: {
  executor: Executor;
  id: string;
  runtime: Runtime | undefined;
}): Promise<Runtime> {
  const runtime =
    present ?? (await acquireRoom({ executor, id, start: starterOfMore({ executor, id }), signal: NEVER })).runtime;
  try {
    await untilListening({ executor, runtime });
    return runtime;
  } catch (error) {
    release({ executor, runtime });
    throw error;
  }
}
