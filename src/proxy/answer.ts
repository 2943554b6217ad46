// Finds the head of an answer in the bytes of a connection.

import { type AnswerHead, checkStatusLine, MalformedError, parseAnswer } from './head.ts';
import { findHeadEnd } from './head-end.ts';

export interface FoundHead {
  /** Undefined: not all of it is here yet. */
  head: AnswerHead | undefined;
  /** Where the body begins; without a head, where the bytes begin that are still needed. */
  from: number;
}

/**
 * Reads over heads that only announce another one. `method` is the request's; the first `checked` bytes are what has
 * been left over before. Throws `MalformedError`.
 */
export function findAnswerHead({
  bytes,
  method,
  checked,
}: {
  bytes: Buffer;
  method: string;
  checked: number;
}): FoundHead {
  for (let from = 0; ;) {
    const end = findHeadEnd({ bytes, from, checked: Math.max(0, checked - from), checkLine: checkStatusLine });
    if (end === -1) return { head: undefined, from };
    const head = parseAnswer({ text: bytes.toString('latin1', from, end + 2), method });
    from = end + 4;
    if (head.status === 101) throw new MalformedError('it changes the protocol, which nobody asked for');
    if (head.status >= 200) return { head, from };
  }
}
