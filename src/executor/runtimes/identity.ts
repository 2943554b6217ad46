// How a runtime is told from all others: its name, its labels, its secret.

import { createHmac } from 'node:crypto';

export const LABELS = {
  id: 'open-runtimes.runtime-id',
  created: 'open-runtimes.created',
  version: 'open-runtimes.version',
  /**
   * `serve`; `build` for those that end with the request that made them; `standby` for those that were made before they
   * were needed.
   */
  purpose: 'open-runtimes.purpose',
  concurrency: 'open-runtimes.concurrency',
} as const;

/**
 * Secrets are derived, so that a new executor knows those of the runtimes that it finds and none is stored anywhere.
 */
export function deriveSecret({ secret, name, hostname }: { secret: string; name: string; hostname: string }): string {
  return createHmac('sha256', secret).update(`${name}\0${hostname}`).digest('hex');
}

/** The first replica has the function's name, further ones a number before it that no name of another function has. */
export function freeName({
  executor,
  id,
  taken,
}: {
  executor: string;
  id: string;
  taken: ReadonlySet<string>;
}): string {
  for (let number = 1; ; number += 1) {
    const name = number === 1 ? `${executor}-${id}` : `${executor}.${number}-${id}`;
    if (!taken.has(name)) return name;
  }
}

/** The function that a name is of, by the rule above. */
export function idOfName({ executor, name }: { executor: string; name: string }): string | undefined {
  if (!name.startsWith(executor)) return undefined;
  return /^(?:\.\d+)?-(.+)$/.exec(name.slice(executor.length))?.[1];
}
