// The log files of one request of the fake: gathers messages, and writes them when they are flushed.

import { appendFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Behaviour } from './behaviour.ts';

export interface Logger {
  readonly id: string;
  readonly on: boolean;
  write(kind: 'logs' | 'errors', values: readonly unknown[]): void;
  /** What the function prints by itself. */
  native(text: string): void;
  flush(): Promise<void>;
  /** What comes from now on is dropped. */
  close(): void;
}

interface LoggerOptions {
  behaviour: Behaviour;
  folder: string;
  id: string;
  on: boolean;
}

export function openLogger({ behaviour, folder, id, on }: LoggerOptions): Logger {
  const lines = { logs: '', errors: '' };
  let announced = false;
  let closed = false;
  let flushed = false;
  const add = (kind: 'logs' | 'errors', text: string): void => {
    if (closed) return;
    lines[behaviour.fileOf(kind)] += text + behaviour.lineEnd;
    // Nobody flushes any more what a function says after its answer.
    if (flushed && lines.logs.length + lines.errors.length > behaviour.heldBack) flush().catch(() => {});
  };
  async function flush(): Promise<void> {
    flushed = true;
    if (!on && !behaviour.writesWhenOff) return;
    for (const kind of ['logs', 'errors'] as const) {
      const text = lines[kind];
      lines[kind] = '';
      if (text === '' && !behaviour.createsEmptyFiles) continue;
      await (behaviour.appends ? appendFile : writeFile)(path.join(folder, `${id}_${kind}.log`), text);
    }
  }
  return {
    id,
    on,
    write: (kind, values) =>
      add(kind, behaviour.cut(values.map((value) => behaviour.format(value)).join(behaviour.separator))),
    native(text) {
      if ((!announced || behaviour.announcesEachTime) && behaviour.nativeNotice !== '')
        add('logs', behaviour.nativeNotice);
      announced = true;
      add('logs', text);
    },
    flush,
    close: () => void (closed = true),
  };
}
