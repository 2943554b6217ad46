// What every adapter allows an instance, whatever its spec asks for.

import {
  BUILD_FOLDER,
  FUNCTION_FOLDER,
  LOGS_FOLDER,
  RUNTIME_GID,
  RUNTIME_UID,
  TELEMETRY_FOLDER,
} from '../contract/paths.ts';
import type { Mount } from './adapter.ts';

/** Builds with parallel compilers need hundreds; a fork bomb would take all there are. */
export const MAX_PROCESSES = 1024;
export const MAX_OPEN_FILES = 4096;

// The root file system is read-only, so these are memory unless a mount covers them.
const SCRATCH_FOLDERS = ['/tmp', BUILD_FOLDER, FUNCTION_FOLDER, LOGS_FOLDER, TELEMETRY_FOLDER, '/usr/local/cache'];

/** Folders to mount as tmpfs, with their mount options: code runs from them, devices and set-uid programs do not. */
export function scratchFolders({ mounts, memory }: { mounts: Mount[]; memory: number }): Record<string, string> {
  const covered = new Set(mounts.map((mount) => mount.target));
  // Their contents count as the instance's memory; half of it each lets a full folder fail as such, not as out of
  // memory.
  const options = `rw,exec,nosuid,nodev,mode=0755,uid=${RUNTIME_UID},gid=${RUNTIME_GID},size=${Math.ceil(memory / 2)}m`;
  return Object.fromEntries(
    SCRATCH_FOLDERS.filter((folder) => !covered.has(folder)).map((folder) => [folder, options]),
  );
}
