// A container that serves a function, as the suite sees it.

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { HEALTH_PATH } from '../../../../src/contract/paths.ts';
import { openConnection } from '../../wire/connection.ts';
import { encodeRequest } from '../../wire/request.ts';
import { type Container, type Ended, StartFailed } from '../target.ts';
import type { Running } from './container.ts';
import { listLogFiles, readLogFiles, replaceTimings } from './folders.ts';

/** The name of the time from creating a container to its first answer. */
export const FIRST_ANSWER = 'docker run to first 200';

const READY_MS = 60_000;
const LONGEST_PAUSE_MS = 50;

export interface Serving {
  running: Running;
  secret: string;
  /** Mounted at /mnt/logs and /mnt/telemetry. */
  logs: string;
  telemetry: string;
  /** When the container was asked for, by performance.now(). */
  began: number;
}

export function toServer({ running, secret, logs, telemetry, began }: Serving): Container {
  let firstAnswer: number | undefined;
  const { host, port } = running;
  return {
    host,
    port,
    secret,
    readLogs: (id) => readLogFiles(logs, id),
    listLogFiles: () => listLogFiles(logs),
    writeTimings: (text) => replaceTimings(telemetry, text),
    measureMemory: () => measureMemory(running),
    get startTimes() {
      return { ...(firstAnswer !== undefined && { [FIRST_ANSWER]: firstAnswer }), ...readTimings(telemetry) };
    },
    ready: async () => {
      await untilHealthy({ running, secret });
      firstAnswer ??= performance.now() - began;
    },
    exec: running.exec,
    signal: running.signal,
    ended: running.ended,
    output: running.output,
    [Symbol.asyncDispose]: running.remove,
  };
}

async function untilHealthy({ running, secret }: { running: Running; secret: string }): Promise<void> {
  const { host, port, ended } = running;
  const over: Ended[] = [];
  void ended.then(
    (end) => over.push(end),
    () => {},
  );
  const deadline = performance.now() + READY_MS;
  for (let wait = 1; over.length === 0 && performance.now() < deadline; wait = Math.min(wait * 2, LONGEST_PAUSE_MS)) {
    try {
      using connection = await openConnection({ host, port });
      const request = encodeRequest({ request: { target: HEALTH_PATH }, server: { host, port, secret }, logId: null });
      const { status } = await connection.exchange(request);
      // The address of one that has ended may be another's already.
      if (status === 200 && over.length === 0) return;
    } catch {
      // Not there yet; the end of the container is what tells that it never will be.
    }
    await pause(wait);
  }
  const [end] = over;
  throw end ? new StartFailed(end) : new Error(`the container does not answer:\n${await running.output()}`);
}

/**
 * Memory that belongs to the processes themselves; what they share with files comes and goes with the machine's needs.
 */
async function measureMemory({ exec }: Running): Promise<number> {
  const { output } = await exec(['sh', '-c', 'grep -h ^RssAnon /proc/[0-9]*/status']);
  const kilobytes = [...output.matchAll(/(\d+) kB/g)].map(([, number]) => Number(number));
  return kilobytes.reduce((total, number) => total + number, 0) * 1024;
}

/** The container's own account, in milliseconds. */
function readTimings(folder: string): Record<string, number> {
  try {
    const lines = readFileSync(path.join(folder, 'timings.txt'), 'utf8').matchAll(/^(\w+)=([\d.]+)$/gm);
    return Object.fromEntries([...lines].map(([, key = '', seconds]) => [key, Number(seconds) * 1000]));
  } catch {
    return {};
  }
}
