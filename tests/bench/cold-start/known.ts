// Measures what the executor keeps in memory of each function that it knows and nobody calls.

import { runInNewContext } from 'node:vm';
import type { Adapter, Instance } from '../../../src/adapters/adapter.ts';
import { serveExecutor } from '../../../src/executor/serve.ts';
import { LABELS } from '../../../src/executor/runtimes/identity.ts';
import { silentLog } from '../../../src/lib/log.ts';
import { readSettings } from '../../../src/main/settings.ts';
import { openStorage } from '../../../src/storage/open.ts';
import { temporaryFolder } from '../../support/folder.ts';

const FUNCTIONS = 10_000;

/**
 * Bytes of each. They are found again as after a restart of the executor, which is how so many can be had without their
 * containers.
 */
export async function measureKnown(): Promise<number> {
  await using resources = new AsyncDisposableStack();
  const folder = resources.use(await temporaryFolder());
  const { executor: settings } = readSettings({
    OPR_EXECUTOR_SECRET: 'bench-secret',
    OPR_EXECUTOR_NAME: 'opr-bench',
    OPR_EXECUTOR_WORK_FOLDER: folder.path,
    OPR_EXECUTOR_STANDBY_MAX: '0',
  });
  const storage = openStorage({ dsn: `file://localhost${folder.path}` });
  const serve = (count: number) =>
    serveExecutor({ settings, adapter: adapterWith(count), storage, cacheStorage: storage, log: silentLog, port: 0 });
  // What the process has for executors as such is not counted.
  await (await serve(10))[Symbol.asyncDispose]();
  const before = usedBytes();
  resources.use(await serve(FUNCTIONS));
  return (usedBytes() - before) / FUNCTIONS;
}

function usedBytes(): number {
  process.getBuiltinModule('v8').setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

function adapterWith(count: number): Adapter {
  return {
    start: uncalled,
    run: uncalled,
    inspect: async () => undefined,
    list: async () => Array.from({ length: count }, (_, index) => instance(`function-${index}`)),
    stop: async () => {},
    watch: async () => {},
    usage: async () => new Map(),
    pull: async () => ({ labels: {} }),
    ping: async () => {},
    [Symbol.asyncDispose]: async () => {},
  };
}

const uncalled = () => Promise.reject(new Error('Nothing is started here.'));

function instance(id: string): Instance {
  return {
    name: `opr-bench-${id}`,
    image: 'open-runtimes/invented:1',
    hostname: Buffer.from(id.padEnd(16)).toString('hex'),
    labels: {
      [LABELS.id]: id,
      [LABELS.created]: String(Date.now()),
      [LABELS.version]: 'v5',
      [LABELS.purpose]: 'serve',
      [LABELS.concurrency]: '0',
    },
    state: 'running',
    address: { host: '127.0.0.1', port: 3000 },
  };
}
