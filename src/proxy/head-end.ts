// Finds where a head ends, and refuses at once what cannot become one.

import { MalformedError, MAX_HEAD_BYTES } from './head.ts';

const HEAD_END = Buffer.from('\r\n\r\n');
const TAB = 0x09;
const LF = 0x0a;
const CR = 0x0d;

export interface HeadPart {
  bytes: Buffer;
  from: number;
  /** Bytes from there that have been looked at before. */
  checked: number;
  /** Throws `MalformedError` unless this is what a head begins with. */
  checkLine(text: string): void;
}

/**
 * The place of the two line ends after a head that begins at `from`; -1: they have not come, but what has may become
 * one. Throws `MalformedError`.
 */
export function findHeadEnd(part: HeadPart): number {
  const { bytes, from, checked } = part;
  const end = bytes.indexOf(HEAD_END, from + Math.max(0, checked - HEAD_END.length + 1));
  if ((end === -1 ? bytes.length : end) - from > MAX_HEAD_BYTES)
    throw new MalformedError(`its head is larger than ${MAX_HEAD_BYTES} bytes`);
  if (end === -1) check(part);
  return end;
}

/** Else whoever speaks another protocol, or ends lines in another way, would be waited for. */
function check({ bytes, from, checked, checkLine }: HeadPart): void {
  let afterReturn = checked > 0 && bytes[from + checked - 1] === CR;
  for (let at = from + checked; at < bytes.length; at += 1) {
    const byte = bytes[at] as number;
    if (afterReturn !== (byte === LF)) throw new MalformedError('a line of its head does not end with CR LF');
    if (byte === 0x7f || (byte < 0x20 && byte !== TAB && byte !== CR && byte !== LF))
      throw new MalformedError('its head has a control character in it');
    afterReturn = byte === CR;
  }
  const lineEnd = bytes.indexOf(LF, from);
  if (lineEnd >= from + checked) checkLine(bytes.toString('latin1', from, lineEnd + 1));
}
