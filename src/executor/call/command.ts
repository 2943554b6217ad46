// Runs a command of the caller's in a runtime.

import { AdapterError } from '../../adapters/adapter.ts';
import { ExecutorError } from '../errors.ts';
import type { Executor } from '../executor.ts';
import { using } from '../runtimes/runtime.ts';
import { instanceName } from '../runtimes/state.ts';

const MAX_OUTPUT_BYTES = 1_000_000;

/** `timeout` in seconds. Throws `command_timeout` and `command_failed`. */
export async function runCommand({
  executor,
  runtimeId,
  command,
  timeout,
  signal,
}: {
  executor: Executor;
  runtimeId: string;
  command: string;
  timeout: number;
  signal: AbortSignal;
}): Promise<string> {
  const runtime = await executor.registry.require(runtimeId);
  const deadline = AbortSignal.timeout(timeout * 1000);
  return using(runtime, async () => {
    try {
      const { exitCode, output } = await executor.adapter.run({
        name: await instanceName(runtime),
        command: ['bash', '-c', command],
        maxOutputBytes: MAX_OUTPUT_BYTES,
        signal: AbortSignal.any([signal, deadline, runtime.ended]),
      });
      if (exitCode !== 0)
        throw new ExecutorError({
          type: 'command_failed',
          cause: new Error(`exit code ${exitCode}: ${output.toString()}`),
        });
      return output.toString();
    } catch (error) {
      if (deadline.aborted) throw new ExecutorError({ type: 'command_timeout', cause: error });
      throw error instanceof AdapterError ? new ExecutorError({ type: 'command_failed', cause: error }) : error;
    }
  });
}
