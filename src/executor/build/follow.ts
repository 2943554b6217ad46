// The output of a build while it is being written, as lines of `<timestamp> <content>`.

import { type FSWatcher, watch } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import type { Response } from 'express';
import { aborted } from '../../lib/aborted.ts';
import { ExecutorError } from '../errors.ts';
import { type Executor, folderOf } from '../executor.ts';
import { readOutput } from './output.ts';
import { type Runtime, using } from '../runtimes/runtime.ts';
import { openWorkFolder } from '../files/work-folder.ts';

const APPEARS_MS = 5_000;
// Of many changes in a row the files are read again this often, since the command decides how many there are.
const BETWEEN_LOOKS_MS = 50;

/**
 * Answers until the build is over, the runtime gone or the time (in seconds) up. Throws `logs_timeout` if there is no
 * runtime.
 */
export async function followLogs({
  executor,
  runtimeId,
  timeout,
  response,
  signal,
}: {
  executor: Executor;
  runtimeId: string;
  timeout: number;
  response: Response;
  signal: AbortSignal;
}): Promise<void> {
  const patience = AbortSignal.timeout(APPEARS_MS);
  const runtime = await executor.registry
    .appears({ id: runtimeId, signal: AbortSignal.any([signal, patience]) })
    .catch((cause: unknown) => {
      throw patience.aborted ? new ExecutorError({ type: 'logs_timeout', cause }) : cause;
    });
  response.status(200).setHeader('content-type', 'text/event-stream');
  response.flushHeaders();
  const until = AbortSignal.any([signal, AbortSignal.timeout(timeout * 1000), runtime.ended]);
  await using(runtime, () => follow({ executor, runtime, response, until }));
  response.end();
}

async function follow({
  executor,
  runtime,
  response,
  until,
}: {
  executor: Executor;
  runtime: Runtime;
  response: Response;
  until: AbortSignal;
}): Promise<void> {
  const folder = openWorkFolder({ root: folderOf(executor, runtime) }).at('logging');
  let shown = 0;
  const show = async () => {
    const entries = await readOutput({ folder, started: runtime.created });
    for (const { timestamp, content } of entries.slice(shown))
      response.write(`${timestamp} ${content.replaceAll('\n', '\\n')}\n`);
    shown = entries.length;
  };
  const over = Promise.race([runtime.started.catch(() => {}), aborted(until)]).then(() => true);
  using watcher = watchFolder(folder);
  for (let done = false; !done;) {
    const changed = watcher.next();
    await show();
    if (runtime.state.is !== 'starting') break;
    done = await Promise.race([over, changed]);
    if (!done) done = await Promise.race([over, pause(BETWEEN_LOOKS_MS, false)]);
  }
  await show();
}

/**
 * Resolves waiting `next` calls whenever something in the folder changes; a folder that is not there yet is looked for
 * again.
 */
function watchFolder(folder: string): Disposable & { next(): Promise<false> } {
  let { promise, resolve } = Promise.withResolvers<false>();
  let watcher: FSWatcher | undefined;
  let timer: NodeJS.Timeout | undefined;
  const wake = () => {
    resolve(false);
    ({ promise, resolve } = Promise.withResolvers<false>());
  };
  const open = () => {
    try {
      watcher = watch(folder, wake).on('error', wake);
      wake();
    } catch {
      timer = setTimeout(open, 20);
    }
  };
  open();
  return {
    next: () => promise,
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      watcher?.close();
    },
  };
}
