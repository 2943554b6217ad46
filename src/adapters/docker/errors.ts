// Turns what the engine and its client report into the adapter's own errors.

import { AdapterError } from '../adapter.ts';

const UNREACHABLE = new Set([
  'ENOENT',
  'ECONNREFUSED',
  'EACCES',
  'ECONNRESET',
  'EPIPE',
  'ENOTFOUND',
  'ETIMEDOUT',
  'EHOSTUNREACH',
]);

/** Status and words of an error of the engine's client. */
export function describe(error: unknown): { status?: number; system?: string; words: string } {
  if (!(error instanceof Error)) return { words: String(error) };
  const { statusCode, code, json } = error as Error & {
    statusCode?: number;
    code?: string;
    json?: { message?: string };
  };
  return {
    ...(statusCode === undefined ? {} : { status: statusCode }),
    ...(code === undefined ? {} : { system: code }),
    words: json?.message ?? error.message,
  };
}

/** Whether the engine said that what was asked for does not exist. */
export function isMissing(error: unknown): boolean {
  return describe(error).status === 404;
}

/** Runs one request of the port; whatever it throws leaves as an `AdapterError` that says what was being done. */
export async function attempt<T>(doing: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw error instanceof AdapterError ? error : toAdapterError(doing, error);
  }
}

function toAdapterError(doing: string, cause: unknown): AdapterError {
  const { status, system, words } = describe(cause);
  if (status === undefined && system !== undefined && UNREACHABLE.has(system)) {
    const message =
      `Docker does not answer (${words}). Start it, for example with "systemctl start docker" or Docker ` +
      `Desktop, or let DOCKER_HOST name its address.`;
    return new AdapterError({ code: 'unavailable', message, cause });
  }
  if (status === 404 && /no such image/i.test(words)) {
    return new AdapterError({
      code: 'image_missing',
      message: `Could not ${doing}: ${words}. Build or pull the image first.`,
      cause,
    });
  }
  if (status === 409 && /already in use/i.test(words)) {
    return new AdapterError({ code: 'name_taken', message: `Could not ${doing}: ${words}`, cause });
  }
  return new AdapterError({ code: 'failed', message: `Could not ${doing}: ${words}`, cause });
}
