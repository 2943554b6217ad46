// Tells calls of functions from everything else by their path.

import { isReservedPath } from '../../contract/reserved-path.ts';

const PREFIX = '/functions/';
const NAME_END = /[/?#]/g;

/**
 * `/functions/<name>/<path>` or undefined. The function sees the path behind its name, as it was sent; what only the
 * executor may ask a runtime for is no call of its function.
 */
export function destinationOf(target: string): { name: string; path: string } | undefined {
  if (!target.startsWith(PREFIX)) return undefined;
  NAME_END.lastIndex = PREFIX.length;
  const end = NAME_END.exec(target)?.index ?? target.length;
  const rest = target.slice(end);
  const path = rest.startsWith('/') ? rest : `/${rest}`;
  return isReservedPath(path) ? undefined : { name: decoded(target.slice(PREFIX.length, end)), path };
}

/** Names need no escapes, but some clients write them. */
function decoded(name: string): string {
  try {
    return name.includes('%') ? decodeURIComponent(name) : name;
  } catch {
    return name;
  }
}
