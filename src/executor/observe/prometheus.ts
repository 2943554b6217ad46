// Keeps the metrics and serves them to Prometheus, at /metrics on a port of their own.

import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { ErrorType } from '../errors.ts';
import type { Levels, Meter } from './meter.ts';
import { BUCKETS, type Metric, METRICS } from './metrics.ts';

export interface Prometheus extends AsyncDisposable {
  meter: Meter;
  port: number;
}

/** Listens at once. Port 0: any that is free. Whoever reaches it may read it. */
export async function servePrometheus({ host, port }: { host: string; port: number }): Promise<Prometheus> {
  const registry = new Registry();
  const meter = createMeter(registry);
  collectDefaultMetrics({ register: registry });
  const server = createServer(async (request, response) => {
    if (request.url?.split('?')[0] !== '/metrics') {
      response.writeHead(404).end();
      return;
    }
    const text = await registry.metrics();
    response.writeHead(200, { 'content-type': registry.contentType }).end(text);
  });
  server.listen({ port, host });
  await once(server, 'listening');
  return {
    meter,
    port: (server.address() as AddressInfo).port,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

function createMeter(registry: Registry): Meter {
  const histogram = ({ name, help, labels }: Metric) =>
    new Histogram({ name, help, labelNames: [...labels], buckets: BUCKETS, registers: [registry] });
  const starts = histogram(METRICS.start);
  const listens = histogram(METRICS.listen);
  const builds = histogram(METRICS.build);
  const executions = histogram(METRICS.execution);
  const errors = new Counter({ ...METRICS.errors, labelNames: [...METRICS.errors.labels], registers: [registry] });
  let read: (() => Levels) | undefined;
  levels({ registry, read: () => read?.() });
  return {
    started: ({ kind, ms }) => starts.observe({ kind }, ms / 1000),
    listened: ({ ms }) => listens.observe(ms / 1000),
    built: ({ ok, ms }) => builds.observe({ result: ok ? 'ok' : 'failed' }, ms / 1000),
    executed: ({ via, status, ms }) => executions.observe({ via, status: classOf(status) }, ms / 1000),
    failed: (type: ErrorType) => errors.inc({ type }),
    watch: (source) => {
      read = source;
    },
  };
}

/** Read when somebody looks, so that nothing has to be kept in step. */
function levels({ registry, read }: { registry: Registry; read: () => Levels | undefined }): void {
  const gauge = ({ name, help, labels }: Metric, values: (level: Levels) => [Record<string, string>, number][]) =>
    new Gauge({
      name,
      help,
      labelNames: [...labels],
      registers: [registry],
      collect() {
        const level = read();
        if (level) for (const [of, value] of values(level)) this.set(of, value);
      },
    });
  gauge(METRICS.queue, ({ queued }) => Object.entries(queued).map(([reason, count]) => [{ reason }, count]));
  gauge(METRICS.capacity, ({ capacity }) => [[{}, capacity]]);
  gauge(METRICS.inFlight, ({ inFlight }) => [[{}, inFlight]]);
  gauge(METRICS.instances, ({ starting, running, standbys }) => [
    [{ state: 'starting' }, starting],
    [{ state: 'running' }, running],
    [{ state: 'standby' }, standbys],
  ]);
}

/** As many values as there are kinds of answers, and not as many as functions can think of. */
function classOf(status: number | undefined): string {
  return status === undefined ? 'none' : `${Math.floor(status / 100)}xx`;
}
