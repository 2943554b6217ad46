// Tests the executor's end of a gate against real named pipes.

import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { constants, openSync } from 'node:fs';
import { readFile, rm, symlink } from 'node:fs/promises';
import { Socket } from 'node:net';
import path from 'node:path';
import { expect, test } from 'vitest';
import { passGate, reachGate } from '../../../../src/executor/standby/gate.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const never = new AbortController().signal;

async function gateIn(folder: string): Promise<{ file: string; reader: Socket }> {
  const file = path.join(folder, 'gate');
  execFileSync('mkfifo', [file]);
  return {
    file,
    reader: new Socket({
      fd: openSync(file, constants.O_RDONLY | constants.O_NONBLOCK),
      readable: true,
      writable: false,
    }),
  };
}

test('a message arrives whole, also one that is larger than a pipe', async () => {
  await using folder = await temporaryFolder({});
  const { file, reader } = await gateIn(folder.path);
  const environment = { SMALL: 'a=b\n', LARGE: 'ü'.repeat(100_000), EMPTY: '' };
  const received = Array.fromAsync(reader as AsyncIterable<Buffer>);
  await passGate({ gate: await reachGate({ file, signal: never }), environment });
  expect(Buffer.concat(await received).toString()).toBe(`SMALL=a=b\n\0LARGE=${environment.LARGE}\0EMPTY=\0`);
});

test('the gate is reached when somebody reads at it, and not before', async () => {
  await using folder = await temporaryFolder({});
  const patience = new AbortController();
  const reaching = reachGate({ file: path.join(folder.path, 'gate'), signal: never });
  const { reader } = await gateIn(folder.path);
  await passGate({ gate: await reaching, environment: {} });
  reader.resume();
  await once(reader, 'end');
  await rm(path.join(folder.path, 'gate'));
  const another = reachGate({ file: path.join(folder.path, 'gate'), signal: patience.signal });
  patience.abort(new Error('long enough'));
  await expect(another).rejects.toThrow('long enough');
});

test('who has gone is noticed', async () => {
  await using folder = await temporaryFolder({});
  const { file, reader } = await gateIn(folder.path);
  const gate = await reachGate({ file, signal: never });
  await once(reader.destroy(), 'close');
  await expect(passGate({ gate, environment: { A: 'b' } })).rejects.toMatchObject({ code: 'EPIPE' });
});

test.each([
  { what: 'a link', make: (file: string) => symlink('elsewhere', file), error: { code: 'ELOOP' } },
  { what: 'a file', make: async () => {}, error: { message: 'The gate of a standby is not a named pipe.' } },
])('$what in its place leads nowhere', async ({ make, error }) => {
  await using folder = await temporaryFolder({ elsewhere: 'untouched', file: 'untouched' });
  const file = path.join(folder.path, 'file');
  if (error.code) await rm(file);
  await make(file);
  await expect(reachGate({ file, signal: never })).rejects.toMatchObject(error);
  expect(await readFile(path.join(folder.path, 'elsewhere'), 'utf8')).toBe('untouched');
});
