// The port through which the executor reaches an orchestrator; the only shape that it knows of one.
//
// Promises of every adapter:
// - State lives in the orchestrator. `list` in a new process returns all that an earlier one started, labels included.
// - `start` either returns an instance that has started (its command may have ended since: see `state`), or throws and
// leaves
//   nothing behind.
// - `stop` is idempotent: an instance that is already gone is no error, and afterwards nothing of it is left.
// - Disposing of the adapter leaves the instances running.
// - An instance is hardened whatever the spec says: no root, read-only root, no capabilities, no new
//   privileges, limits on memory, CPU and processes.
// - Nothing of an orchestrator's client library crosses this border, errors included: they are `AdapterError`s.

/** A folder of the host that the instance sees. Sizes in bytes. */
export interface Mount {
  /** Absolute path on the host. */
  source: string;
  /** Absolute path in the instance. */
  target: string;
  readOnly?: boolean;
}

/** All that an instance is started from. */
export interface InstanceSpec {
  /** Unique on the orchestrator; the identity of the instance in every other call. */
  name: string;
  image: string;
  /** The argument vector; empty: the instance idles until it is stopped. */
  command: string[];
  /** The instance's own host name. */
  hostname: string;
  environment: Record<string, string>;
  /** Kept by the orchestrator and returned by `list`, beside those that the image has. Never secrets. */
  labels: Record<string, string>;
  mounts: Mount[];
  /** Cores; fractions allowed. */
  cpus: number;
  /** MiB. */
  memory: number;
  restartPolicy: 'no' | 'always' | 'on-failure' | 'unless-stopped';
  /**
   * Awaited before the instance runs; what can be done of its start is done meanwhile. When it rejects, the start
   * fails.
   */
  prepared?: Promise<unknown>;
}

/** What the orchestrator knows of an instance. */
export interface Instance {
  name: string;
  image: string;
  hostname: string;
  labels: Record<string, string>;
  /**
   * `starting` lasts for the moments of a start, and for the pause before a restart; an instance that stays so was left
   * by a process that was killed.
   */
  state: 'starting' | 'running' | 'exited';
  /** Where its port 3000 is reached from this process; absent while it does not run, and another one after that. */
  address?: Address;
  /** Set once `state` is `exited`. */
  exit?: InstanceExit;
}

export interface Address {
  host: string;
  port: number;
  /** Set where something in between accepts connections, whether the instance listens or not. */
  proxied?: true;
}

export interface InstanceExit {
  /** 128 and the signal's number if a signal ended it; -1 if it vanished while nobody could watch. */
  code: number;
  outOfMemory: boolean;
  /** The last line that it wrote to stderr, cut if it is long; told by `inspect` alone, and by whoever knows it. */
  message?: string;
}

/** What the orchestrator knows of an image; nothing of its labels where it cannot look into images. */
export interface ImageInfo {
  labels: Record<string, string>;
}

/** What a command inside an instance did. */
export interface CommandResult {
  exitCode: number;
  /** stdout and stderr, each in its own order, cut at `maxOutputBytes`. */
  output: Buffer;
  truncated: boolean;
}

export interface Adapter extends AsyncDisposable {
  /**
   * Starts an instance and returns once it runs. Throws `AdapterError` `image_missing`, `name_taken`, `unavailable` or
   * `failed`.
   */
  start(spec: InstanceSpec): Promise<Instance>;
  /** All instances of this adapter's owner, running or not. */
  list(): Promise<Instance[]>;
  /** One instance, or undefined if there is none of that name. */
  inspect(query: { name: string }): Promise<Instance | undefined>;
  /**
   * Runs a command in an instance until its output ends; an instance that ends takes its commands along (exit code
   * 137). At `signal`'s abort the command and its children are killed and the signal's reason is thrown; if they cannot
   * be killed (a fork bomb leaves no process to do it), the instance is.
   */
  run(request: {
    name: string;
    command: string[];
    maxOutputBytes: number;
    signal: AbortSignal;
  }): Promise<CommandResult>;
  /**
   * Gives a running instance another name and other limits; its labels and host name stay. Its name is the last that
   * changes, so that it has the old one if this throws. Absent where an orchestrator cannot do so.
   */
  adopt?(request: { name: string; as: string } & Pick<InstanceSpec, 'cpus' | 'memory'>): Promise<void>;
  /** SIGTERM, then after `graceMs` SIGKILL, then removal. 0 kills at once. */
  stop(request: { name: string; graceMs: number }): Promise<void>;
  /**
   * Calls back whenever an instance's main process ends, and whenever it runs again after that, as its restart policy
   * says: with the instance as it is now, since it may have another address. Between the two it has none. Goes on
   * until the signal aborts; resolves once it is watching.
   */
  watch(request: {
    onExit: (event: { name: string } & InstanceExit) => void;
    onRestart: (instance: Instance) => void;
    signal: AbortSignal;
  }): Promise<void>;
  /** CPU use of what runs, by instance name, since the last call or else since its start, in percent of one core. */
  usage(): Promise<Map<string, number>>;
  /**
   * Makes an image present, in limited time, and tells what it says of itself; who asks for the same one meanwhile
   * shares it. Throws `AdapterError` `image_missing` with the reason.
   */
  pull(request: { image: string }): Promise<ImageInfo>;
  /** Whether the orchestrator answers; throws `AdapterError` `unavailable` with what to do if it does not. */
  ping(): Promise<void>;
}

export type AdapterErrorCode = 'image_missing' | 'name_taken' | 'not_found' | 'unavailable' | 'failed';

/** The only error that leaves an adapter. Its message says what happened in words for an operator. */
export class AdapterError extends Error {
  readonly code: AdapterErrorCode;

  constructor({ code, message, cause }: { code: AdapterErrorCode; message: string; cause?: unknown }) {
    super(message, { cause });
    this.name = 'AdapterError';
    this.code = code;
  }
}
