// Finds the head of an answer in the bytes of a connection.

import { type AnswerHead, MalformedError, MAX_HEAD_BYTES, parseAnswer } from './head.ts';

const HEAD_END = Buffer.from('\r\n\r\n');

export interface FoundHead {
  /** Undefined: not all of it is here yet. */
  head: AnswerHead | undefined;
  /** Where the body begins; without a head, where the bytes begin that are still needed. */
  from: number;
}

/** Reads over heads that only announce another one. `method` is the request's. Throws `MalformedError`. */
export function findAnswerHead({ bytes, method }: { bytes: Buffer; method: string }): FoundHead {
  for (let from = 0; ;) {
    const end = bytes.indexOf(HEAD_END, from);
    const length = (end === -1 ? bytes.length : end) - from;
    if (length > MAX_HEAD_BYTES) throw new MalformedError(`its head is larger than ${MAX_HEAD_BYTES} bytes`);
    if (end === -1) return { head: undefined, from };
    const head = parseAnswer({ text: bytes.toString('latin1', from, end + 2), method });
    from = end + 4;
    if (head.status === 101) throw new MalformedError('it changes the protocol, which nobody asked for');
    if (head.status >= 200) return { head, from };
  }
}
