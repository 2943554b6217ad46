// The shape of a conformance case: what is sent, what is expected, and what a target must be able to do for it.

import type { Ability, Image, Setup } from './targets/target.ts';

/** One thing that the contract promises, with one right answer. */
export type Case = WireCase | ImageCase;

interface Described {
  /** Unique, in kebab-case; what manifests name in `exceptions`. */
  name: string;
  /** The clause: a third-level heading of docs/contract.md. */
  covers: string;
  /** Part of every sample, for it tells the most. */
  core?: boolean;
  /** Takes minutes; run only when asked for. */
  slow?: true;
  /** Waits more than it works: it is run beside others that do. */
  waits?: boolean;
  /** Moves tens of megabytes or hundreds of connections. */
  heavy?: boolean;
  /** Lasts long and does next to nothing: it has a server of its own, beside those of all other cases. */
  aside?: true;
  /** Abilities of the target beyond those that follow from the case's own data. */
  needs?: readonly Ability[];
}

/** A case that shows itself over HTTP and in the log files. */
export type WireCase = Described & {
  /** How the server is prepared; cases with the same set-up share a server. */
  setup?: Setup;
  /** In languages that compile, a build or a start that fails is the right answer too. */
  mayFailBuild?: true;
  /** The log folder must hold the same files afterwards as before. */
  leavesNothing?: true;
} & (Exchange | { steps: readonly CaseStep[] });

/**
 * A case about what only an image has: builds, starts, processes, folders. It returns what is wrong; nothing is good.
 */
export interface ImageCase extends Described {
  examine(image: Image): Promise<readonly Finding[]>;
}

export interface Exchange {
  send: RequestData;
  expect: Expectation;
}

export type CaseStep =
  | Exchange
  /** Requests in flight at the same time, each on a connection of its own. */
  | { together: readonly Exchange[] }
  /** Requests in order on one connection that is kept alive, and is idle for so many milliseconds between them. */
  | { oneConnection: readonly Exchange[]; idleMs?: number }
  /** Requests sent at once on one connection, none of which waits for the answer of the one before. */
  | { pipelined: readonly Exchange[] }
  /** The same, once for each place in their bytes, cut there, and once byte by byte. */
  | { splitEverywhere: readonly Exchange[] }
  /**
   * A request is sent but for so many bytes at its end, and the connection is closed; or all of it, and the connection
   * is reset with the first byte of the answer.
   */
  | { abandoned: RequestData; allBut?: number }
  /** This many connections, all open before the first of them sends. */
  | ({ crowd: number } & Exchange)
  /** Requests sent in order, whose log ids must all differ. */
  | ({ distinctLogIds: number } & Exchange)
  /** One request to each of so many servers, started together for it, whose log ids must all differ. */
  | ({ instances: number } & Exchange)
  /** The logs of an earlier request of this case, by its `logsAs`. */
  | { logsOf: string; expect: Pick<Expectation, 'logs' | 'errors'> }
  /** Makes the file of timings hold this text; null: no such file. */
  | { timings: string | null }
  /** Memory after `warmup` requests and after `requests` more may differ by at most `growth` MiB. */
  | ({ flood: { warmup: number; requests: number; growth: number } } & Exchange);

/** One order to the fixture's interpreter: a verb and its arguments (README.md). */
export type FixtureStep = readonly [verb: string, ...values: readonly unknown[]];

export interface RequestData {
  /** GET if left out. */
  method?: string;
  /** Path and query exactly as they go over the wire; `/` if left out. */
  target?: string;
  /** In order, after those that the suite adds. Text goes over the wire in UTF-8. */
  headers?: readonly (readonly [name: string, value: string | Uint8Array])[];
  /** What the fixture shall do; without it no such header is sent. */
  steps?: readonly FixtureStep[];
  body?: BodyData;
  /** How the body is framed; a length if left out. */
  framing?: 'length' | 'chunked';
  /** The Host header; null: an HTTP/1.0 request without one. The target's own if left out. */
  host?: string | null;
  /** The secret to send; null: none. The server's own if left out. */
  secret?: string | null;
  /** With the `authorization` that executors send. */
  fromExecutor?: true;
  /** The log id to send; null: none. A fresh one if left out. */
  logId?: string | null;
  /** The name by which a later step of the same case reads this request's logs. */
  logsAs?: string;
  /**
   * The bytes of the message, in Latin-1, instead of those that the other members make. `{target}` stands for the
   * target, `{host}` for the target's own Host, `{headers}` for the lines of all headers but Host.
   */
  raw?: string;
  /** It is no message of HTTP, or not clearly one; the rules for every answer do not hold for what it gets. */
  malformed?: true;
  /** The bytes of the message are cut at these places, and each piece is sent by itself. */
  splitAt?: readonly number[];
  /** Our side of the connection ends with the message, and the answer is awaited all the same. */
  halfCloses?: true;
}

/** Text, bytes, a number of equal bytes, or pieces of text with pauses (milliseconds) between them. */
export type BodyData =
  | string
  | Uint8Array
  | { repeat: string; times: number }
  | { pieces: readonly string[]; pauseMs: number };

export interface Expectation {
  /** 200 if left out. */
  status?: number | 'any';
  /** By lower-case name: one value, several in order, none (null), a pattern, or a value that is not among them. */
  headers?: Record<string, string | readonly string[] | RegExp | null | { not: string }>;
  body?: TextMatcher | JsonMatcher | BytesMatcher;
  /** The body arrives in exactly these pieces, each before the next one was made. */
  pieces?: readonly string[];
  /** The connection ends with this answer: whatever else was or is sent on it gets none. */
  closes?: true;
  /** The contents of the request's logs file and errors file; '' is no file, or an empty one. */
  logs?: TextMatcher;
  errors?: TextMatcher;
}

/**
 * The exact text, or conditions that must all hold. `{entrypoint}` stands for the name of the user's file and, in what
 * is expected of logs, `{body}` for the body of the answer.
 */
export type TextMatcher =
  | string
  | {
      /** In this order, other text between them allowed. */
      contains?: readonly string[];
      lacks?: readonly string[];
      /** Exactly one occurrence. */
      once?: string;
      matches?: RegExp;
    };

export type JsonMatcher =
  /** JSON equal to a value. */
  | { json: unknown }
  /** An object one of whose members is equal to a value. */
  | { member: string; equals: unknown }
  /** An object that has these members, and nested ones likewise; an undefined member must be absent. */
  | { includes: Record<string, unknown> }
  /** A number greater than that of the answer before on the same connection. */
  | { increases: true };

export interface BytesMatcher {
  bytes: BodyData;
}

/** One thing that is not as it should be. */
export interface Finding {
  clause: string;
  /** What was looked at, such as `status` or `header content-type`. */
  what: string;
  expected: string;
  got: string;
  /** The request as a curl line, if there was one. */
  curl?: string;
}
