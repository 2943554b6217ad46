// The named pipe of an instance that stands by, as images make it: the function's environment comes through it.

import { execFile } from 'node:child_process';
import { constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import path from 'node:path';
import { addAbortSignal } from 'node:stream';
import { promisify } from 'node:util';
import { STANDBY_FOLDER, STANDBY_GATE } from '../../contract/paths.ts';
import type { InstanceSpec } from '../adapter.ts';

/**
 * Resolves with the environment once the message is complete; an empty one if nobody had anything to say, or `ended`
 * aborts.
 */
export async function receiveEnvironment({
  spec: { mounts },
  ended,
}: {
  spec: InstanceSpec;
  ended: AbortSignal;
}): Promise<Record<string, string>> {
  const folder = mounts.find(({ target }) => target === STANDBY_FOLDER)?.source ?? '';
  const pipe = path.join(folder, STANDBY_GATE);
  await promisify(execFile)('mkfifo', [pipe]);
  const socket = new Socket({
    fd: openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK),
    readable: true,
    writable: false,
  });
  const pieces = await Array.fromAsync(addAbortSignal(ended, socket) as AsyncIterable<Buffer>).catch(() => []);
  const entries = Buffer.concat(pieces).toString().split('\0').slice(0, -1);
  return Object.fromEntries(
    entries.map((entry) => [entry.slice(0, entry.indexOf('=')), entry.slice(entry.indexOf('=') + 1)]),
  );
}
