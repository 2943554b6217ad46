// An executor of this process whose one runtime is a server that is up already.

import type { Instance } from '../../src/adapters/adapter.ts';
import { createMemoryOrchestrator, openMemoryAdapter } from '../../src/adapters/memory.ts';
import { LABELS } from '../../src/executor/runtimes/identity.ts';
import { type ServedExecutor, serveExecutor } from '../../src/executor/serve.ts';
import type { ExecutorSettings } from '../../src/executor/settings.ts';
import { silentLog } from '../../src/lib/log.ts';
import { openStorage } from '../../src/storage/open.ts';
import { temporaryFolder } from './folder.ts';
import { DEFAULTS } from './memory-executor.ts';

export interface ExecutorBefore extends AsyncDisposable {
  served: ServedExecutor;
  /** Names of the instances that were ended. */
  ended: string[];
}

/** The server listens on a port of loopback; its function has the id `one`. */
export async function executorBefore({
  port,
  changes = {},
}: {
  port: number;
  changes?: Partial<ExecutorSettings>;
}): Promise<ExecutorBefore> {
  const folder = await temporaryFolder();
  const storage = openStorage({ dsn: `file://localhost${folder.path}/storage` });
  const ended: string[] = [];
  const labels = { [LABELS.id]: 'one', [LABELS.created]: '1', [LABELS.version]: 'v5', [LABELS.purpose]: 'serve' };
  const address = { host: '127.0.0.1', port };
  const instance: Instance = {
    name: 'unit-one',
    image: 'invented/raw:1',
    hostname: 'h',
    labels,
    state: 'running',
    address,
  };
  const served = await serveExecutor({
    settings: { ...DEFAULTS, workFolder: `${folder.path}/work`, ...changes },
    adapter: {
      ...openMemoryAdapter({ orchestrator: createMemoryOrchestrator({ images: {} }) }),
      list: async () => [instance],
      inspect: async () => (ended.length === 0 ? instance : undefined),
      stop: async ({ name }) => void ended.push(name),
    },
    storage,
    cacheStorage: storage,
    log: silentLog,
    port: 0,
    drainIdleMs: 0,
  });
  return {
    served,
    ended,
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
      await folder[Symbol.asyncDispose]();
    },
  };
}
