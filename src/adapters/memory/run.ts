// Runs a command as a process of this host, in an empty folder of its own.

import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CommandResult, InstanceSpec } from '../adapter.ts';
import { collectOutput } from '../output.ts';

export interface MemoryCommand {
  spec: InstanceSpec;
  command: string[];
  maxOutputBytes: number;
  signal: AbortSignal;
  /** Aborts when the instance ends, and the command with it. */
  ended: AbortSignal;
}

/** Resolves with what the command did; throws the signal's reason once an aborted command is gone. */
export async function runOnHost({
  spec,
  command,
  maxOutputBytes,
  signal,
  ended,
}: MemoryCommand): Promise<CommandResult> {
  signal.throwIfAborted();
  const [program = 'true', ...args] = command;
  const folder = await mkdtemp(join(tmpdir(), 'memory-adapter-'));
  // A group of its own, so that its children can be ended with it.
  const child = spawn(program, args, {
    cwd: folder,
    env: { PATH: '/usr/bin:/bin', ...spec.environment },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const stop = AbortSignal.any([signal, ended]);
  const kill = () => killGroup(child.pid);
  if (stop.aborted) kill();
  stop.addEventListener('abort', kill, { once: true });
  const output = collectOutput({ maxBytes: maxOutputBytes });
  child.stdout.pipe(output.sink, { end: false });
  child.stderr.pipe(output.sink, { end: false });
  child.on('error', (error) => output.sink.write(error.message));
  try {
    const code = await new Promise<number | null>((resolve) => void child.on('close', resolve));
    signal.throwIfAborted();
    return { exitCode: exitCode(code), ...output.taken() };
  } finally {
    stop.removeEventListener('abort', kill);
    await rm(folder, { recursive: true, force: true });
  }
}

function killGroup(id: number | undefined): void {
  if (id === undefined) return;
  try {
    process.kill(-id, 'SIGKILL');
  } catch {
    // All of it has just ended.
  }
}

/** As a shell reports it: 137 for a killed command, 127 for one that does not exist. */
function exitCode(code: number | null): number {
  if (code === null) return 137;
  return code < 0 ? 127 : code;
}
