// An executor whose runtimes are servers of this process, with a small function in them that does what its path says.

import { setTimeout as pause } from 'node:timers/promises';
import {
  type MemoryOrchestrator,
  type MemoryProcess,
  createMemoryOrchestrator,
  openMemoryAdapter,
} from '../../src/adapters/memory.ts';
import type { RequestListener } from 'node:http';
import { START_VARIABLES_LABEL } from '../../src/contract/image-labels.ts';
import type { ExecutorSettings } from '../../src/executor/settings.ts';
import { type ServedExecutor, type ServeOptions, serveExecutor } from '../../src/executor/serve.ts';
import { silentLog } from '../../src/lib/log.ts';
import { openStorage } from '../../src/storage/open.ts';
import { temporaryFolder } from './folder.ts';

export const SECRET = 'unit-secret';
export const IMAGE = 'invented/echo:1';
/** The same, for those who ask it to stand by. */
export const WARM_IMAGE = 'invented/warm:1';
export const COLD_IMAGE = 'invented/cold:1';

const LABELS = { [START_VARIABLES_LABEL]: 'LD_* TZ' };

export interface MemoryExecutor extends AsyncDisposable {
  url: string;
  folder: string;
  orchestrator: MemoryOrchestrator;
  /** How many standbys wait. */
  waiting(): number;
  /** Ends this executor without cleaning up, and starts another one on the same orchestrator and folder. */
  replace(): Promise<void>;
  /** A request with the secret and, if one is given, a JSON body. */
  call(request: { method?: string; path: string; body?: unknown; headers?: Record<string, string> }): Promise<Response>;
}

export async function memoryExecutor(
  changes: Partial<ExecutorSettings> = {},
  observers: Pick<ServeOptions, 'meter' | 'tracer'> = {},
): Promise<MemoryExecutor> {
  const folder = await temporaryFolder({ 'storage/code.tar.gz': 'the artifact' });
  const orchestrator = createMemoryOrchestrator({
    images: {
      [IMAGE]: { serve: listen },
      [WARM_IMAGE]: { serve: listen, standby: 'warm', labels: LABELS },
      [COLD_IMAGE]: { serve: listen, standby: 'cold', labels: LABELS },
    },
  });
  const open = (): Promise<ServedExecutor> => {
    const storage = openStorage({ dsn: `file://localhost${folder.path}/storage` });
    const settings = { ...DEFAULTS, workFolder: `${folder.path}/work`, ...changes };
    return serveExecutor({
      settings,
      adapter: openMemoryAdapter({ orchestrator }),
      storage,
      cacheStorage: storage,
      log: silentLog,
      ...observers,
      port: 0,
      drainIdleMs: 0,
    });
  };
  let served = await open();
  const executor: MemoryExecutor = {
    url: `http://127.0.0.1:${served.port}`,
    folder: folder.path,
    orchestrator,
    waiting: () => served.standbys,
    replace: async () => {
      await served[Symbol.asyncDispose]();
      served = await open();
      executor.url = `http://127.0.0.1:${served.port}`;
    },
    call: ({ method = 'GET', path, body, headers = {} }) =>
      fetch(`${executor.url}${path}`, {
        method,
        headers: {
          authorization: `Bearer ${SECRET}`,
          accept: 'application/json',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      }),
    async [Symbol.asyncDispose]() {
      await served[Symbol.asyncDispose]();
      const adapter = openMemoryAdapter({ orchestrator });
      for (const { name } of await adapter.list()) await adapter.stop({ name, graceMs: 0 });
      await folder[Symbol.asyncDispose]();
    },
  };
  return executor;
}

export const DEFAULTS: ExecutorSettings = {
  version: '0.11.0',
  development: false,
  secret: SECRET,
  name: 'unit',
  workFolder: '',
  runtimeVersions: ['v5'],
  maxRuntimes: 10,
  queueSize: 10,
  queueTimeoutMs: 10_000,
  startTimeoutMs: 10_000,
  inactiveThresholdMs: 60_000,
  maintenanceIntervalMs: 60_000,
  images: [],
  standbyMax: 0,
  standbyMemory: 8192,
  standbyMin: 0,
  standbyIdleMs: 60_000,
  gatewayTimeoutMs: 10_000,
  maxFunctionCalls: 500,
  maxCalls: 5_000,
  retryAttempts: 1,
  retryDelayMs: 1,
};

/**
 * Ends at once in an environment that has `END`. `/exit/<code>` ends the process, `/wait/<ms>` answers late, `/never`
 * not at all, `/binary` with bytes, `/mirror` with each piece of the body as it comes; all else is echoed.
 */
function listen(process: MemoryProcess): RequestListener {
  const { END } = process.spec.environment;
  if (END) process.exit({ code: 1, message: END });
  return async (request, response) => {
    const [, verb, value] = (request.url ?? '').split('/');
    if (verb === 'exit') return process.exit({ code: Number(value), outOfMemory: Number(value) === 137 });
    if (verb === 'never') return undefined;
    if (verb === 'wait') await pause(Number(value));
    if (verb === 'mirror') return request.pipe(response);
    if (verb === 'binary') return response.end(Buffer.from([0xff, 0x00, 0xfe]));
    response
      .setHeader('set-cookie', ['a=1', 'b=2'])
      .setHeader('X-Open-Runtimes-Hidden', 'yes')
      .setHeader('X-Own', 'shown');
    // Whoever leaves within a body gets no answer.
    const chunks = await Array.fromAsync(request as AsyncIterable<Buffer>).catch(() => undefined);
    if (!chunks) return undefined;
    return response.end(
      JSON.stringify({
        method: request.method,
        url: request.url,
        headers: request.headers,
        body: Buffer.concat(chunks).toString('latin1'),
      }),
    );
  };
}
