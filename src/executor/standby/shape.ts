// What a standby must be like to become a certain runtime; many runtimes have no such standby and start from scratch.

import type { RuntimeSpec } from '../runtimes/runtime.ts';

/** Standbys of one shape can take each other's place. */
export interface Shape {
  image: string;
  version: string;
  /** Cores. */
  cpus: number;
  /** MiB. */
  memory: number;
  /** `warm`: its server has booted, if the image can do that. `cold`: it waits before it boots its server. */
  mode: 'warm' | 'cold';
}

export const STANDBY_COMMAND = 'bash helpers/start.sh "bash helpers/server.sh"';

/**
 * What a caller may let run in a container and still find done by a standby: the artifact is laid ready, then the start
 * follows.
 */
const ARCHIVE = String.raw`code\.(?:tar\.gz|tar|sqfs|gz)`;
const LAYING = String.raw`(?:(?:cp|mv|ln -sf?) /tmp/(?:${ARCHIVE}|code\.\*) /mnt/code/(?:${ARCHIVE})? ?&& ?)?`;
const STARTING = String.raw`(?:exec )?(?:nohup )?(?:bash )?helpers/start\.sh (["'])(?:bash )?helpers/server\.sh\1`;
const RECOGNISED = new RegExp(`^${LAYING}${STARTING}$`);

/** Whether there can be a standby that becomes this. */
export function hasShape({ source, runtimeEntrypoint, restartPolicy }: RuntimeSpec): boolean {
  // A container that has another name than that which its mounts tell of cannot be started again.
  return source !== '' && restartPolicy === 'no' && isRecognised(runtimeEntrypoint);
}

/** `fresh`: whether it needs a server that starts with its variables. */
export function shapeOf({
  spec: { image, version, cpus, memory },
  fresh,
}: {
  spec: RuntimeSpec;
  fresh: boolean;
}): Shape {
  return { image, version, cpus, memory, mode: fresh ? 'cold' : 'warm' };
}

export function isRecognised(command: string): boolean {
  return RECOGNISED.test(command.trim().replaceAll(/\s+/g, ' ').replaceAll('/usr/local/server/helpers/', 'helpers/'));
}

export function keyOf({ image, version, cpus, memory, mode }: Shape): string {
  return [image, version, cpus, memory, mode].join(' ');
}
