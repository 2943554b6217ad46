// The exit message of a container: the last line on its stderr, which is where programs tell why they end.

import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { stripVTControlCharacters } from 'node:util';
import type Docker from 'dockerode';
import { collectOutput } from '../output.ts';
import { describe } from './errors.ts';

// The engine counts the lines of both streams.
const LINES = 20;
const MAX_BYTES = 1 << 20;
const MAX_LENGTH = 500;

/** Undefined if it said nothing, or if it is gone or is being removed. */
export async function exitMessageOf({
  docker,
  container,
}: {
  docker: Docker;
  container: Docker.Container;
}): Promise<string | undefined> {
  const frames = await logsOf(container);
  if (!frames) return undefined;
  const { sink, taken } = collectOutput({ maxBytes: MAX_BYTES });
  const stream = Readable.from([frames]);
  docker.modem.demuxStream(stream, sink, sink);
  await finished(stream.resume());
  return lastLine(taken().output.toString());
}

async function logsOf(container: Docker.Container): Promise<Buffer | undefined> {
  try {
    return await container.logs({ stdout: false, stderr: true, tail: LINES, follow: false });
  } catch (error) {
    if ([404, 409].includes(describe(error).status ?? 0)) return undefined;
    throw error;
  }
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
