// The client of the Docker Engine that the suite and the tests use: whatever it asks gets an answer within a time, or
// an error that says so, for an engine can be deadlocked and then says nothing at all.

import Docker from 'dockerode';

/** So generous that a busy engine keeps it, and short enough to be told before a test's own time limit. */
const ANSWER_MS = 50_000;
/** What answers when a container ends: longer than any case lets one run. */
const WAIT_MS = 30 * 60_000;

// The types of dockerode leave out what its calls go through.
interface Modem {
  dial(options: DialOptions, callback: (error: unknown, result?: unknown) => void): void;
}

interface DialOptions {
  path: string;
  method: string;
  abortSignal?: AbortSignal;
}

export interface EngineOptions {
  docker?: Docker;
  answerMs?: number;
  waitMs?: number;
}

/** The engine at DOCKER_HOST, or where clients find it by default. */
export function openEngine({
  docker = new Docker(),
  answerMs = ANSWER_MS,
  waitMs = WAIT_MS,
}: EngineOptions = {}): Docker {
  const modem = docker.modem as unknown as Modem;
  const dial = modem.dial.bind(modem);
  modem.dial = (options, callback) => {
    const { method, path } = options;
    const ms = /\/wait(?:\?|$)/.test(path) ? waitMs : answerMs;
    let told = false;
    const tell = (error: unknown, result?: unknown): void => {
      if (told) return;
      told = true;
      clearTimeout(timer);
      callback(error, result);
    };
    // Without its end, the request would keep this process from ending.
    const over = new AbortController();
    const timer = setTimeout(() => {
      tell(new Error(silence({ method, path, ms })));
      over.abort();
    }, ms);
    const abortSignal = AbortSignal.any([over.signal, ...(options.abortSignal ? [options.abortSignal] : [])]);
    dial({ ...options, abortSignal }, tell);
  };
  return docker;
}

function silence({ method, path, ms }: Pick<DialOptions, 'method' | 'path'> & { ms: number }): string {
  const words = `The Docker Engine has not answered ${method} ${path} for ${ms / 1000} s.`;
  return `${words} If it answers nothing else, it must be restarted.`;
}
