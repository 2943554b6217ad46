// The ninth step of the fake: what was returned can be sent, or the function is told why not.

import type { Behaviour } from './behaviour.ts';
import type { Reply } from './reply.ts';

/** Throws what belongs into the errors log. */
export class BadReply extends Error {}

export function checkReply(reply: Reply, behaviour: Behaviour): Reply {
  if (!behaviour.isStatus(reply.statusCode)) throw new BadReply(behaviour.badStatus);
  for (const [name, value] of Object.entries(reply.headers)) {
    const values = behaviour.outgoingValues(name.toLowerCase(), value);
    if (!behaviour.isHeaderName(name) || !values.every(behaviour.isHeaderValue))
      throw new BadReply(behaviour.badHeader(name));
  }
  return reply;
}
