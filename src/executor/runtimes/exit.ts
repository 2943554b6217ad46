// What became of a runtime, in words.

import type { InstanceExit } from '../../adapters/adapter.ts';
import { endCause } from './state.ts';
import type { Runtime } from './runtime.ts';

/** Why an instance ended by itself, for whoever waited for it. */
export function whyItEnded({ code, outOfMemory, message }: InstanceExit): string {
  if (outOfMemory) return 'it ran out of memory';
  const said = message === undefined ? '' : ` and the exit message: ${message.replace(/\.$/, '')}`;
  return `its process ended with exit code ${code}${said}`;
}

/** The same for whoever had something under way in it: a sentence. */
export function howItEnded(runtime: Runtime): string {
  const { by, exit, reason } = endCause(runtime) ?? {};
  if (by === 'limit') return `The runtime was ended because ${reason?.message}.`;
  return exit === undefined ? 'The runtime has ended.' : howItExited(exit);
}

export function howItExited({ code, outOfMemory }: Pick<InstanceExit, 'code' | 'outOfMemory'>): string {
  if (outOfMemory) return 'The runtime ran out of memory and was ended.';
  return `The runtime has ended with exit code ${code}.`;
}
