// The output of a build in pieces, each with the moment at which it was written: what `script` recorded, cut along its
// timing file.

import path from 'node:path';
import { readUntrusted } from '../files/untrusted-file.ts';

export const MAX_OUTPUT_BYTES = 1_000_000;
/** Of what a failed command has written. */
export const MAX_TEXT_CHARACTERS = 1_000_000;
const MAX_CHARACTER_BYTES = 4;
const SCRIPT_LINE_BYTES = 4096;
// The command may write the file itself; so much of it is read in a moment and times each piece of any usual output.
const MAX_TIMING_BYTES = 2_000_000;
const TOO_LONG = 'The output is longer than 1000000 bytes; the rest of it is not shown.\n';

export interface OutputEntry {
  /** `YYYY-MM-DDTHH:mm:ss.SSS+00:00`. */
  timestamp: string;
  content: string;
}

/** Reads what a command has written so far. `started` in milliseconds. */
export async function readOutput({ folder, started }: { folder: string; started: number }): Promise<OutputEntry[]> {
  const [log, timing] = await Promise.all([
    readUntrusted({ file: path.join(folder, 'logs.txt'), maxBytes: MAX_OUTPUT_BYTES + SCRIPT_LINE_BYTES }),
    readUntrusted({ file: path.join(folder, 'timings.txt'), maxBytes: MAX_TIMING_BYTES }),
  ]);
  if (!log || !timing) return [];
  return cutOutput({ log: log.bytes, timing: timing.bytes.toString('latin1'), started });
}

/** What a command has written, without white space around it, at most a million characters of it. */
export async function readText({ folder }: { folder: string }): Promise<string> {
  const maxBytes = MAX_TEXT_CHARACTERS * MAX_CHARACTER_BYTES + SCRIPT_LINE_BYTES;
  const log = await readUntrusted({ file: path.join(folder, 'logs.txt'), maxBytes });
  return log ? textOf(log.bytes) : '';
}

/** `log` begins and ends with a line of `script`'s own. */
export function textOf(log: Buffer): string {
  const text = log.toString('utf8', log.indexOf('\n') + 1).replace(/\n?Script done on [^\n]*\n$/, '');
  const trimmed = text.trim();
  if (trimmed.length <= MAX_TEXT_CHARACTERS) return trimmed;
  // Characters, and not the halves that JavaScript makes of some.
  return [...trimmed].slice(0, MAX_TEXT_CHARACTERS).join('');
}

/** `log` begins with a line of `script`'s own; each line of `timing` is a delay in seconds and a number of bytes. */
export function cutOutput({ log, timing, started }: { log: Buffer; timing: string; started: number }): OutputEntry[] {
  const entries: OutputEntry[] = [];
  let position = log.indexOf('\n') + 1;
  let elapsed = 0;
  let carried = Buffer.alloc(0);
  let left = MAX_OUTPUT_BYTES;
  for (const [, delay, count] of timing.matchAll(/^([\d.]+) (\d+)$/gm)) {
    elapsed += Number(delay) * 1000;
    if (count === '0') continue;
    const bytes = log.subarray(position, position + Number(count));
    position += bytes.length;
    const timestamp = formatTimestamp(started + elapsed);
    if (bytes.length > left) {
      const piece = Buffer.concat([carried, bytes.subarray(0, left)]);
      const content = piece.toString('utf8', 0, wholeCharacters(piece));
      if (content !== '') entries.push({ timestamp, content });
      entries.push({ timestamp, content: TOO_LONG });
      return entries;
    }
    left -= bytes.length;
    const piece = Buffer.concat([carried, bytes]);
    const whole = wholeCharacters(piece);
    carried = piece.subarray(whole);
    if (whole > 0) entries.push({ timestamp, content: piece.toString('utf8', 0, whole) });
  }
  if (carried.length > 0)
    entries.push({ timestamp: formatTimestamp(started + elapsed), content: carried.toString('utf8') });
  return entries;
}

export function formatTimestamp(milliseconds: number): string {
  return new Date(milliseconds).toISOString().replace('Z', '+00:00');
}

/** How many bytes remain when a character that is cut off at the end is left for the next piece. */
function wholeCharacters(bytes: Buffer): number {
  for (let back = 1; back <= Math.min(4, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back] ?? 0;
    if ((byte & 0b1100_0000) === 0b1000_0000) continue;
    const needed = byte >= 0b1111_0000 ? 4 : byte >= 0b1110_0000 ? 3 : byte >= 0b1100_0000 ? 2 : 1;
    return needed > back ? bytes.length - back : bytes.length;
  }
  return bytes.length;
}
