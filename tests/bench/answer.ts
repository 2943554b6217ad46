// Waits for a server's first answer, closely enough to tell milliseconds apart.

import { setTimeout as pause } from 'node:timers/promises';
import { openConnection } from '../conformance/wire/connection.ts';
import { encodeRequest } from '../conformance/wire/request.ts';

const DEADLINE_MS = 30_000;
const PAUSE_MS = 1;

export interface Answering {
  host: string;
  port: number;
  /** What it has said until now, if that can be known. */
  output?: () => Promise<string>;
}

/** @throws Error with what the container said, if it does not answer with status 200 in time. */
export async function untilAnswered({
  running: { host, port, output },
  secret,
}: {
  running: Answering;
  secret: string;
}): Promise<void> {
  const request = encodeRequest({ request: {}, server: { host, port, secret }, logId: null });
  const deadline = performance.now() + DEADLINE_MS;
  while (performance.now() < deadline) {
    try {
      using connection = await openConnection({ host, port });
      if ((await connection.exchange(request)).status === 200) return;
    } catch {
      // Nobody listens yet.
    }
    await pause(PAUSE_MS);
  }
  throw new Error(`The container does not answer:\n${(await output?.()) ?? 'It is not known why.'}`);
}
