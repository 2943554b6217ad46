// Whether somebody listens at a port, learned by connecting to it.

import { once } from 'node:events';
import { connect } from 'node:net';

/** Whether a connection is accepted within `limitMs` milliseconds. */
export async function isBound({
  host,
  port,
  limitMs,
}: {
  host: string;
  port: number;
  limitMs: number;
}): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(limitMs) });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
