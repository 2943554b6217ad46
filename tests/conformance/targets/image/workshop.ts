// The one container of an image in which the suite's own scripts run, beside all folders that were made: a script costs
// the engine a fifth of what a container does. Builds borrow its network, which is the larger part of what they cost.

import path from 'node:path';
import type { Ended } from '../target.ts';
import type { Running } from './container.ts';
import type { Folders } from './folders.ts';

const FOLDERS = '/folders';
const IDLE = ['sleep', 'infinity'];

export interface Workshop {
  /** Runs a command in a folder that was made, or else in the image's working directory. */
  run(command: readonly string[], folder?: string): Promise<Ended>;
  /** The engine's word for its network. */
  network(): Promise<string>;
}

/** Started when it is first needed. */
export function openWorkshop({
  folders,
  launch,
}: {
  folders: Folders;
  launch(options: { command: readonly string[]; mounts: Record<string, string> }): Promise<Running>;
}): Workshop {
  let started: Promise<Running> | undefined;
  const start = (): Promise<Running> => (started ??= launch({ command: IDLE, mounts: { [FOLDERS]: folders.root } }));
  return {
    run: async (command, folder) => {
      const { exec } = await start();
      return exec(command, folder && path.posix.join(FOLDERS, path.basename(folder)));
    },
    network: async () => `container:${(await start()).id}`,
  };
}
