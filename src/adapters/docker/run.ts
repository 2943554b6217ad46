// Runs a command in a container, with its output bounded and its whole family of processes ended at an abort.

import { randomUUID } from 'node:crypto';
import { finished } from 'node:stream/promises';
import type Docker from 'dockerode';
import { poll } from '../../lib/poll.ts';
import type { CommandResult } from '../adapter.ts';
import { collectOutput } from '../output.ts';
import { isMissing } from './errors.ts';

interface Command {
  docker: Docker;
  container: Docker.Container;
  command: string[];
  maxOutputBytes: number;
  signal: AbortSignal;
}

// Every descendant inherits the mark, also one that left its session or process group, so nothing else has to be
// followed.
const MARK = 'OPR_COMMAND_ID';
const KILL_MARKED = `
for round in 1 2 3 4 5 6 7 8 9 10; do
  found=
  for environ in /proc/[0-9]*/environ; do
    if tr '\\0' '\\n' < "$environ" | grep -qx "$1"; then
      pid=\${environ#/proc/}
      kill -9 "\${pid%/environ}" && found=1
    fi
  done 2>/dev/null
  [ "$found" ] || exit 0
done
exit 1`;

// Each attempt is a process started in the container, so attempts pace themselves.
const MAX_KILL_ATTEMPTS = 20;
const MAX_KILL_MS = 60_000;

/** Resolves with what the command did; throws the signal's reason once an aborted command is gone. */
export async function runCommand({
  docker,
  container,
  command,
  maxOutputBytes,
  signal,
}: Command): Promise<CommandResult> {
  signal.throwIfAborted();
  const mark = `${MARK}=${randomUUID()}`;
  const exec = await container.exec({ Cmd: command, Env: [mark], AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({ hijack: true, stdin: false });
  const output = collectOutput({ maxBytes: maxOutputBytes });
  docker.modem.demuxStream(stream, output.sink, output.sink);
  try {
    await finished(stream, { signal });
    // The engine closes the output a moment before it knows the exit code; a command may close its output and go on.
    const look = () => currentExitCode(exec);
    const exitCode = await poll({ look, firstPauseMs: 1, longestPauseMs: 100, signal });
    return { exitCode, ...output.taken() };
  } catch (error) {
    if (!signal.aborted) throw error;
    await kill({ container, exec, mark });
    throw signal.reason;
  } finally {
    stream.destroy();
  }
}

/** Undefined before the command has ended. One that the engine has forgotten was killed with its container. */
async function currentExitCode(exec: Docker.Exec): Promise<number | undefined> {
  try {
    return (await exec.inspect()).ExitCode ?? undefined;
  } catch (error) {
    if (isMissing(error)) return 137;
    throw error;
  }
}

async function kill({
  container,
  exec,
  mark,
}: {
  container: Docker.Container;
  exec: Docker.Exec;
  mark: string;
}): Promise<void> {
  const limit = AbortSignal.timeout(MAX_KILL_MS);
  for (let attempt = 0; attempt < MAX_KILL_ATTEMPTS && !limit.aborted; attempt += 1) {
    const killer = await container.exec({ Cmd: ['sh', '-c', KILL_MARKED, 'sh', mark], AttachStdout: true });
    const stream = await killer.start({ hijack: true, stdin: false });
    await finished(stream.resume(), { signal: limit }).catch((error: unknown) => {
      stream.destroy();
      if (!limit.aborted) throw error;
    });
    if (limit.aborted) break;
    const [command, killing] = await Promise.all([currentExitCode(exec), currentExitCode(killer)]);
    // A command that was aborted while it was being started is found by a later attempt.
    if (command !== undefined && killing === 0) return;
  }
  await container.kill();
}
