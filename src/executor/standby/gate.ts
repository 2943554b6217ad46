// The executor's end of a standby's gate: a named pipe that the container makes and reads (docs/contract.md, section
// 13).

import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

const LONGEST_PAUSE_MS = 50;
const FULL_PAUSE_MS = 1;

/** Resolves with a descriptor for writing once the container waits at its gate. Throws the signal's reason. */
export async function reachGate({ file, signal }: { file: string; signal: AbortSignal }): Promise<number> {
  for (let wait = 2; ; wait = Math.min(wait * 1.5, LONGEST_PAUSE_MS)) {
    signal.throwIfAborted();
    const gate = tryOpen(file);
    if (gate !== undefined) return gate;
    await pause(wait, undefined, { signal }).catch(() => {});
  }
}

/** Lets the container in with an environment. Throws `EPIPE` if nobody waits there any more. */
export async function passGate({
  gate,
  environment,
}: {
  gate: number;
  environment: Record<string, string>;
}): Promise<void> {
  const message = Buffer.from(
    Object.entries(environment)
      .map(([name, value]) => `${name}=${value}\0`)
      .join(''),
  );
  try {
    // A pipe holds less than the largest environment, so that the rest waits for the reader.
    for (let sent = 0; sent < message.length;) {
      const written = tryWrite({ gate, bytes: message.subarray(sent) });
      if (written === 0) await pause(FULL_PAUSE_MS);
      sent += written;
    }
  } finally {
    closeSync(gate);
  }
}

/**
 * Undefined while nobody reads at the other end. The container may belong to a stranger's image, which must not lead us
 * elsewhere.
 */
function tryOpen(file: string): number | undefined {
  try {
    const gate = openSync(file, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
    if (fstatSync(gate).isFIFO()) return gate;
    closeSync(gate);
    throw new Error('The gate of a standby is not a named pipe.');
  } catch (error) {
    if (['ENXIO', 'ENOENT'].includes(codeOf(error))) return undefined;
    throw error;
  }
}

function tryWrite({ gate, bytes }: { gate: number; bytes: Buffer }): number {
  try {
    return writeSync(gate, bytes);
  } catch (error) {
    if (codeOf(error) === 'EAGAIN') return 0;
    throw error;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}
