// How an executor traces what it does: spans that begin and end, and nothing at all when nobody traces.

export const TRACEPARENT_HEADER = 'traceparent';

/** By the conventions of OpenTelemetry. */
export const STATUS_ATTRIBUTE = 'http.response.status_code';

/** One piece of work within a trace. */
export interface Span {
  /** The header that makes what follows a part of this span; undefined when nobody traces. */
  readonly traceparent: string | undefined;
  /** Says more about it. */
  set(attributes: Attributes): void;
  end(outcome?: { error?: unknown }): void;
}

export type Attributes = Record<string, string | number>;

export interface Beginning {
  name: string;
  /** `server`: a caller asked for it; `client`: a function is asked; `internal`: neither. */
  kind: 'server' | 'client' | 'internal';
  /** A traceparent header. What is none counts as absent. */
  parent?: string | undefined;
  attributes?: Attributes;
}

export interface Tracer {
  begin(beginning: Beginning): Span;
}

/** The span of those who do not trace. */
export const NO_SPAN: Span = { traceparent: undefined, set: () => {}, end: () => {} };

export const untraced: Tracer = { begin: () => NO_SPAN };

/** Runs an action within a span of its own. */
export async function traced<T>(
  { tracer, ...beginning }: { tracer: Tracer } & Beginning,
  action: (span: Span) => Promise<T>,
): Promise<T> {
  const span = tracer.begin(beginning);
  try {
    const result = await action(span);
    span.end();
    return result;
  } catch (error) {
    span.end({ error });
    throw error;
  }
}

/** What the headers of a function's request tell of the trace that it belongs to. */
export function traceparentOf(headers: Record<string, string>): string | undefined {
  return Object.entries(headers).find(([name]) => name.toLowerCase() === TRACEPARENT_HEADER)?.[1];
}

/** Headers that make a function's own spans a part of this one. */
export function withTraceparent({
  headers,
  span: { traceparent },
}: {
  headers: Record<string, string>;
  span: Span;
}): Record<string, string> {
  if (traceparent === undefined) return headers;
  const others = Object.entries(headers).filter(([name]) => name.toLowerCase() !== TRACEPARENT_HEADER);
  return { ...Object.fromEntries(others), [TRACEPARENT_HEADER]: traceparent };
}
