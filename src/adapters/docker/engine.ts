// The client of the engine, whose every call has a time limit: an engine that is stuck accepts calls and never answers.

import Docker from 'dockerode';
import { AdapterError } from '../adapter.ts';

/** How long the engine may take for its answer; for a stream, until it begins. */
export interface TimeLimits {
  /** For what only asks: inspecting, listing. */
  askMs: number;
  /** For what changes something: creating, starting, removing. */
  changeMs: number;
}

/** What the client's every method comes down to. */
interface Modem {
  dial(request: Request, answered?: Answered): void;
}

interface Request {
  method: string;
  path: string;
  abortSignal?: AbortSignal;
}

type Answered = (error: Error | null, result: unknown) => void;

const LIMITS: TimeLimits = { askMs: 30_000, changeMs: 120_000 };
// What lasts by its nature, and is ended by the signal of whoever asks for it.
const LASTING = /^\/(?:containers\/[^/]+\/wait|images\/create)\b/;

/** The engine that DOCKER_HOST names, or the one at the usual socket. Throws what the client cannot read of it. */
export function openEngine(limits: TimeLimits = LIMITS): Docker {
  const docker = new Docker();
  const modem: Modem = docker.modem;
  const dial = modem.dial.bind(modem);
  modem.dial = (request, answered = () => {}) => {
    if (LASTING.test(request.path) && request.abortSignal) return dial(request, answered);
    const limitMs = request.method === 'GET' ? limits.askMs : limits.changeMs;
    dialWithin({ dial, request, limitMs, answered });
  };
  return docker;
}

function dialWithin({
  dial,
  request,
  limitMs,
  answered,
}: {
  dial: Modem['dial'];
  request: Request;
  limitMs: number;
  answered: Answered;
}): void {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(noAnswer({ request, limitMs })), limitMs);
  const signals = request.abortSignal ? [request.abortSignal, late.signal] : [late.signal];
  dial({ ...request, abortSignal: AbortSignal.any(signals) }, (error, result) => {
    clearTimeout(timer);
    answered(error && late.signal.aborted ? (late.signal.reason as AdapterError) : error, result);
  });
}

function noAnswer({ request: { method, path }, limitMs }: { request: Request; limitMs: number }): AdapterError {
  return new AdapterError({
    code: 'unavailable',
    message:
      `Docker did not answer ${method} ${path.replace(/\?$/, '')} within ${limitMs / 1000} s: it is stuck or has too ` +
      `much to do. See its log, for example with "journalctl --unit docker", and restart it if it does not recover.`,
  });
}
