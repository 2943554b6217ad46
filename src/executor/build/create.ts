// Creates a runtime as the interface asks for it: started, and for a build its command run and its artifact stored.

import { type Executor, folderOf } from '../executor.ts';
import { openWorkFolder } from '../files/work-folder.ts';
import type { RuntimeSpec } from '../runtimes/runtime.ts';
import { startRuntime, type Work } from '../start/start.ts';
import { discardRuntime } from '../stop/remove.ts';
import { type BuildRequest, type BuildResult, runBuild } from './command.ts';
import { fetchBuildCache, storeBuildCache } from './build-cache.ts';
import type { OutputEntry } from './output.ts';

export interface CreateRequest extends RuntimeSpec {
  destination: string;
  command: string;
  cacheKey: string;
  /** Seconds that the command may take. */
  timeout: number;
  remove: boolean;
}

/** What the caller is told; the times in seconds. */
export interface Created extends BuildResult {
  startTime: number;
  duration: number;
}

/** Whatever fails, nothing of the runtime is left; the error says what failed. */
export async function createRuntime({
  executor,
  request,
  signal,
}: {
  executor: Executor;
  request: CreateRequest;
  signal: AbortSignal;
}): Promise<Created> {
  const startTime = Date.now();
  const ticket = executor.admission.ticket(signal);
  const work = request.command === '' && request.cacheKey === '' ? undefined : workOf({ executor, request });
  const { runtime, result = { output: [] } } = await startRuntime({ executor, spec: request, ticket, work });
  if (request.remove) await discardRuntime({ executor, runtime, reason: 'it was to be removed after its command' });
  return { ...result, startTime: startTime / 1000, duration: (Date.now() - startTime) / 1000 };
}

function workOf({ executor, request }: { executor: Executor; request: CreateRequest }): Work<BuildResult> {
  const { cacheKey, command } = request;
  const notes: OutputEntry[] = [];
  return {
    purpose: command === '' ? 'serve' : 'build',
    folders: cacheKey === '' ? [] : ['cache'],
    prepare: async (site) => void notes.push(...(await fetchBuildCache({ executor, cacheKey, ...site }))),
    perform: async ({ runtime, signal }) => {
      if (command === '') return { output: [] };
      const folder = openWorkFolder({ root: folderOf(executor, runtime) });
      const built = await build({ executor, runtime, request, folder, signal });
      notes.push(...(await storeBuildCache({ executor, cacheKey, folder, signal })));
      return { ...built, output: [...notes, ...built.output].toSorted(byTime) };
    },
  };
}

async function build(request: BuildRequest): Promise<BuildResult> {
  const began = Date.now();
  let ok = false;
  try {
    const built = await runBuild(request);
    ok = true;
    return built;
  } finally {
    request.executor.meter.built({ ok, ms: Date.now() - began });
  }
}

function byTime(a: OutputEntry, b: OutputEntry): number {
  return a.timestamp < b.timestamp ? -1 : a.timestamp > b.timestamp ? 1 : 0;
}
