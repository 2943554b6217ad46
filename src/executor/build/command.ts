// The command of a build: run on a terminal, so that colours and timing survive, then its artifact stored.

import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { ExecutorError } from '../errors.ts';
import type { Executor } from '../executor.ts';
import { type OutputEntry, readOutput, readText } from './output.ts';
import type { Runtime } from '../runtimes/runtime.ts';
import { endCause } from '../runtimes/state.ts';
import { isRegularFile } from '../files/untrusted-file.ts';
import type { WorkFolder } from '../files/work-folder.ts';

const ARTIFACTS = ['code.tar.gz', 'code.sqfs'];
const COMMAND_OUTPUT_BYTES = 64 * 1024;

export interface BuildResult {
  size?: number;
  path?: string;
  output: OutputEntry[];
}

export interface BuildRequest {
  executor: Executor;
  runtime: Runtime;
  request: {
    command: string;
    /** Seconds. */
    timeout: number;
    /** MiB. */
    memory: number;
    destination: string;
  };
  folder: WorkFolder;
  signal: AbortSignal;
}

/** Throws `build_failed` with the command's output. */
export async function runBuild({ executor, runtime, request, folder, signal }: BuildRequest): Promise<BuildResult> {
  const timeout = AbortSignal.timeout(request.timeout * 1000);
  const started = Date.now();
  let failure: string | undefined;
  try {
    const { exitCode } = await executor.adapter.run({
      name: runtime.name,
      command: onTerminal(request.command),
      maxOutputBytes: COMMAND_OUTPUT_BYTES,
      signal: AbortSignal.any([signal, timeout, runtime.ended]),
    });
    const outOfMemory = endCause(runtime)?.exit?.outOfMemory ? ` It ran out of memory (${request.memory} MB).` : '';
    if (exitCode !== 0) failure = `Build command exited with code ${exitCode}.${outOfMemory}`;
  } catch (error) {
    if (!timeout.aborted) throw error;
    failure = `Build command was ended because it took longer than ${request.timeout} seconds.`;
  }
  const logging = folder.at('logging');
  if (failure === undefined)
    return {
      ...(await storeArtifact({ executor, request, folder, signal })),
      output: await readOutput({ folder: logging, started }),
    };
  const text = await readText({ folder: logging });
  throw new ExecutorError({ type: 'build_failed', message: `${text || 'Build command failed.'}\n${failure}` });
}

/** The command is one argument all the way, so that it is expanded once, by the shell that runs it. */
function onTerminal(command: string): string[] {
  const files = ['--log-out', '/tmp/logging/logs.txt', '--log-timing', '/tmp/logging/timings.txt'];
  return ['env', 'SHELL=/bin/bash', 'script', '--quiet', '--flush', '--return', ...files, '--command', command];
}

async function storeArtifact({
  executor,
  request,
  folder,
  signal,
}: Omit<BuildRequest, 'runtime'>): Promise<Pick<BuildResult, 'size' | 'path'>> {
  if (request.destination === '') return {};
  for (const name of ARTIFACTS) {
    const file = path.join(folder.at('builds'), name);
    if (!(await isRegularFile(file))) continue;
    const folderKey = request.destination.replace(/\/+$/, '');
    const key = `${folderKey}/${randomBytes(7).toString('hex').slice(0, 13)}${name.slice('code'.length)}`;
    const { bytes } = await executor.storage.upload({ file, key, signal });
    return { size: bytes, path: key };
  }
  throw new ExecutorError({
    type: 'build_failed',
    message:
      `The command left no artifact. It should end with "helpers/build.sh", or write ` +
      `${ARTIFACTS.join(' or ')} to /mnt/code.`,
  });
}
