// The exit message of a container: the last line on its stderr, which is where programs tell why they end.

import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { stripVTControlCharacters } from 'node:util';
import type Docker from 'dockerode';
import { collectOutput } from '../output.ts';

// The engine counts the lines of both streams.
const LINES = 20;
const MAX_BYTES = 1 << 20;
const MAX_LENGTH = 500;

/** Undefined if it said nothing, or nothing is left of it. */
export async function exitMessageOf({
  docker,
  container,
}: {
  docker: Docker;
  container: Docker.Container;
}): Promise<string | undefined> {
  const frames = await container.logs({ stdout: false, stderr: true, tail: LINES, follow: false });
  const { sink, taken } = collectOutput({ maxBytes: MAX_BYTES });
  const stream = Readable.from([frames]);
  docker.modem.demuxStream(stream, sink, sink);
  await finished(stream.resume());
  return lastLine(taken().output.toString());
}

/** Without colours, control characters and our own mark. */
export function lastLine(text: string): string | undefined {
  const lines = stripVTControlCharacters(text)
    .split('\n')
    .map((line) =>
      line
        .replaceAll(/\p{Cc}+/gu, ' ')
        .replace(/^\s*\[open-runtimes\]/, '')
        .trim(),
    );
  return lines.findLast((line) => line !== '')?.slice(0, MAX_LENGTH);
}
