// Sends spans to an OpenTelemetry collector, over OTLP and HTTP.

import { setTimeout as pause } from 'node:timers/promises';
import { ROOT_CONTEXT, type Span as OtelSpan, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { detectResources, envDetector, resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import type { Span, Tracer } from './tracer.ts';

const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL };
// A collector that is away must not keep an executor from ending.
const FLUSH_MS = 2_000;
const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:$|-)/;

export interface OpenTelemetry extends AsyncDisposable {
  tracer: Tracer;
}

/**
 * `url` is that of the traces. Headers, sampling and the like follow the usual OTEL_ variables. Disposing of it sends
 * what there is; a collector that does not answer costs spans and nothing else.
 */
export function openTelemetry({
  url,
  service,
  version,
}: {
  url: string;
  service: string;
  version: string;
}): OpenTelemetry {
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({
      'service.name': 'open-runtimes-executor',
      'service.instance.id': service,
      'service.version': version,
    }).merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url }))],
  });
  const tracer = provider.getTracer('open-runtimes');
  return {
    tracer: {
      begin: ({ name, kind, parent, attributes = {} }) =>
        toSpan(tracer.startSpan(name, { kind: KINDS[kind], attributes }, contextOf(parent))),
    },
    [Symbol.asyncDispose]: () =>
      Promise.race([provider.shutdown().catch(() => {}), pause(FLUSH_MS, undefined, { ref: false })]),
  };
}

function contextOf(parent: string | undefined) {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(parent ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
  return trace.setSpanContext(ROOT_CONTEXT, {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & 1,
    isRemote: true,
  });
}

function toSpan(span: OtelSpan): Span {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    traceparent: `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`,
    set: (attributes) => void span.setAttributes(attributes),
    end: ({ error } = {}) => {
      if (error !== undefined) {
        span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : String(error) });
        span.recordException(error instanceof Error ? error : String(error));
      }
      span.end();
    },
  };
}
