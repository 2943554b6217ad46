// Ids that nobody can guess and that never repeat, from random bytes drawn many at a time.

import { randomFillSync } from 'node:crypto';

const ID_BYTES = 10;
const drawn = Buffer.alloc(ID_BYTES * 512);
let at = drawn.length;

/** 20 characters of `[0-9a-f]`, as the contract has log ids. */
export function newId(): string {
  if (at === drawn.length) {
    randomFillSync(drawn);
    at = 0;
  }
  at += ID_BYTES;
  return drawn.toString('hex', at - ID_BYTES, at);
}
