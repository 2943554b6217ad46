// The executor as a process of its own: reads the settings, opens Docker and the storage, serves until SIGTERM.

import { setTimeout as pause } from 'node:timers/promises';
import { pino } from 'pino';
import type { Adapter } from '../adapters/adapter.ts';
import { openDockerAdapter } from '../adapters/docker.ts';
import type { OpenTelemetry } from '../executor/observe/opentelemetry.ts';
import type { Prometheus } from '../executor/observe/prometheus.ts';
import { serveExecutor } from '../executor/serve.ts';
import { aborted } from '../lib/aborted.ts';
import type { Log } from '../lib/log.ts';
import { openStorage } from '../storage/open.ts';
import { inheritedSocket } from './inherited-socket.ts';
import { readSettings, type Settings } from './settings.ts';

const log = pino({ level: process.env.LOG_LEVEL ?? 'info', serializers: { error: pino.stdSerializers.err } });

try {
  await main(readSettings(process.env));
} catch (error) {
  log.fatal({ error }, error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}

async function main(settings: Settings): Promise<void> {
  const stopping = new AbortController();
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort());

  await using storage = openStorage({ dsn: settings.storage });
  await using cacheStorage = openStorage({ dsn: settings.cacheStorage });
  const { networks, reach, egress, credentials, pullTimeoutMs } = settings;
  await using adapter = await openDockerAdapter({
    owner: settings.executor.name,
    networks,
    reach,
    egress,
    maxFile: settings.executor.maxDisk,
    credentials,
    pullTimeoutMs,
    log,
  });
  await using metrics = await openMetrics(settings);
  await using traces = await openTraces(settings);
  const observers = { ...(metrics && { meter: metrics.meter }), ...(traces && { tracer: traces.tracer }) };
  await using served = await serveExecutor({
    settings: settings.executor,
    adapter,
    storage,
    cacheStorage,
    log,
    ...observers,
    port: settings.port,
    fd: inheritedSocket({ environment: process.env, pid: process.pid }),
  });
  log.info({ port: served.port, name: settings.executor.name }, 'the executor listens');
  void pullAll({ adapter, settings, log });
  await aborted(stopping.signal);
  log.info({}, 'the executor drains and exits; its runtimes stay');
}

/** Loaded only when wanted, like what traces, so that an executor without them starts sooner. */
async function openMetrics({ metrics }: Settings): Promise<Prometheus | undefined> {
  if (!metrics) return undefined;
  const { servePrometheus } = await import('../executor/observe/prometheus.ts');
  return servePrometheus(metrics);
}

async function openTraces({ traces, executor }: Settings): Promise<OpenTelemetry | undefined> {
  if (traces === undefined) return undefined;
  const { openTelemetry } = await import('../executor/observe/opentelemetry.ts');
  return openTelemetry({ url: traces, service: executor.name, version: executor.version });
}

/** Images that are wanted soon are fetched beside the work; one that cannot be had is no reason not to serve. */
async function pullAll({
  adapter,
  settings,
  log: into,
}: {
  adapter: Adapter;
  settings: Settings;
  log: Log;
}): Promise<void> {
  const { retryAttempts, retryDelayMs } = settings.executor;
  for (const image of settings.images) {
    for (let attempt = 1; attempt <= retryAttempts; attempt += 1) {
      try {
        await adapter.pull({ image });
        into.info({ image }, 'pulled');
        break;
      } catch (error) {
        into.warn({ image, attempt, error }, 'an image could not be pulled');
        await pause(retryDelayMs);
      }
    }
  }
}
