// Ends containers and removes them, however many ask for it at once.

import type Docker from 'dockerode';
import { describe, isMissing } from './errors.ts';

/** SIGTERM, after the grace time SIGKILL, then removal with all that is the container's. */
export async function stopContainer({
  container,
  graceMs,
}: {
  container: Docker.Container;
  graceMs: number;
}): Promise<void> {
  if (graceMs > 0) await terminate({ container, graceMs });
  await removeContainer(container);
}

/** Removes a container, running or not; returns once it is gone. */
export async function removeContainer(container: Docker.Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    if (isMissing(error)) return;
    if (!/removal of container .* is already in progress/i.test(describe(error).words)) throw error;
    await container.wait({ condition: 'removed' }).catch((waiting: unknown) => {
      if (!isMissing(waiting)) throw waiting;
    });
  }
}

async function terminate({ container, graceMs }: { container: Docker.Container; graceMs: number }): Promise<void> {
  const grace = AbortSignal.timeout(graceMs);
  try {
    await container.kill({ signal: 'SIGTERM' });
    await container.wait({ abortSignal: grace });
  } catch (error) {
    const { status } = describe(error);
    // 409: it does not run (any more).
    if (!grace.aborted && status !== 409 && status !== 404) throw error;
  }
}
