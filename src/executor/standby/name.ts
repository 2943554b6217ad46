// The names of standbys: unlike those of all runtimes, so that a name tells whether a container is still waiting.

import { randomBytes } from 'node:crypto';

export function newStandbyName(executorName: string): string {
  return `${executorName}.standby.${randomBytes(10).toString('hex')}`;
}

export function isStandbyName({ executorName, name }: { executorName: string; name: string }): boolean {
  return name.startsWith(`${executorName}.`) && /^standby\.[0-9a-f]{20}$/.test(name.slice(executorName.length + 1));
}
