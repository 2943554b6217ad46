// Removes what a daemon that was killed has left of its process number.

import { readFile, rm } from 'node:fs/promises';

/** The files in which an engine writes its numbers, and the program that each is about. */
export const ENGINE_PID_FILES: Record<string, string> = {
  '/var/run/docker.pid': 'dockerd',
  '/var/run/docker/containerd/containerd.pid': 'containerd',
};

/**
 * An engine that finds its number in use believes that it runs already, even when another program has that number by
 * now; so files that speak of no such program go. `processes` is where the kernel lists them.
 */
export async function removeStalePidFiles({
  files = ENGINE_PID_FILES,
  processes = '/proc',
}: { files?: Record<string, string>; processes?: string } = {}): Promise<void> {
  for (const [file, program] of Object.entries(files)) {
    const pid = (await readOrEmpty(file)).trim();
    const status = /^\d+$/.test(pid) ? await readOrEmpty(`${processes}/${pid}/status`) : '';
    // One that has ended and that nobody has asked about yet is a zombie.
    const runs = status.startsWith(`Name:\t${program}\n`) && !/^State:\tZ/m.test(status);
    if (!runs) await rm(file, { force: true });
  }
}

function readOrEmpty(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}
