// A plain request of a case that is about something else than HTTP, such as processes or builds.

import { ProtocolError } from '../wire/reader.ts';

/** @throws ProtocolError for whatever the server does instead of answering: that is the server's fault. */
export async function ask({ host, port }: { host: string; port: number }, options: RequestInit = {}): Promise<string> {
  try {
    const response = await fetch(`http://${host}:${port}/`, options);
    return await response.text();
  } catch (cause) {
    const { message, cause: reason } = cause as Error;
    throw new ProtocolError(reason instanceof Error ? `${message}: ${reason.message}` : message, { cause });
  }
}
