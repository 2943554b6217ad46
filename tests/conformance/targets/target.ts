// The port through which the suite reaches what it examines: an image, an address, or a server in this process.

import type { Manifest } from '../../../src/manifest/schema.ts';

/** What some targets can do and others cannot; a case that needs what is missing is exempt. */
export type Ability = keyof typeof ABILITIES;

export const ABILITIES = {
  environment: 'starts servers with an environment of our choice',
  fixtures: 'serves any folder of the fixture',
  entrypoint: "knows the name of the user's file",
  control: 'takes control headers and the paths of the system from its caller',
  logs: 'shows the logs of each request',
  'log-files': 'shows the names of its log files',
  timings: 'lets the file of timings be replaced',
  memory: 'measures the memory of its server',
  image: 'builds functions and starts containers',
  manifest: 'has a manifest, which says what it is called and what its functions install',
  'warm-standby': 'has a server that boots before there is a function',
} as const;

/** How a server is prepared. Two cases with equal set-ups share one. */
export interface Setup {
  /** The folder below the runtime's fixture; `function` if left out. */
  fixture?: string;
  /** Variables over DEFAULT_ENVIRONMENT; null removes one. */
  environment?: Readonly<Record<string, string | null>>;
}

export const DEFAULT_SECRET = 'conformance-secret';
export const DEFAULT_ENVIRONMENT: Readonly<Record<string, string>> = { OPEN_RUNTIMES_SECRET: DEFAULT_SECRET };

export interface Target extends AsyncDisposable {
  /** What the report calls it. */
  readonly name: string;
  readonly abilities: ReadonlySet<Ability>;
  /** What its manifest exempts it from, if it has one. */
  readonly exceptions: readonly Exemption[];
  /** The name of the user's file, as stack traces show it. */
  readonly entrypoint?: string;
  /** Whether functions are compiled, so that a build or a start may fail where a script would fail to load. */
  readonly compiles?: boolean;
  /** The folders `checks/<name>` of its fixture. */
  readonly checks: readonly string[];
  /** Set if `abilities` has `image`. */
  readonly image?: Image;
  /**
   * A server that serves the fixture. Throws `BuildFailed` if the fixture cannot be built, `StartFailed` if it ends the
   * server.
   */
  start(setup: Setup): Promise<Server>;
}

export interface Exemption {
  case: string;
  reason: string;
}

/** A server that is up and serves one fixture. */
export interface Server extends AsyncDisposable {
  readonly host: string;
  readonly port: number;
  /** Empty if it checks none. */
  readonly secret: string;
  /** What comes before every path, if a gateway stands before the function. */
  readonly base?: string;
  /** Ability `logs`: the contents of a request's two log files; '' where there is none. */
  readLogs?(id: string): Promise<Logs>;
  /** The names of all log files; set if the target has `log-files`. */
  listLogFiles?(): Promise<readonly string[]>;
  /** Ability `timings`; null removes the file. */
  writeTimings?(text: string | null): Promise<void>;
  /** Ability `memory`: bytes in use by the server and its children. */
  measureMemory?(): Promise<number>;
  /** How long it took to start, by name, in milliseconds; reported, never judged. */
  readonly startTimes?: Readonly<Record<string, number>>;
}

export interface Logs {
  logs: string;
  errors: string;
}

/** The fixture could not be built. */
export class BuildFailed extends Error {
  readonly exitCode: number;
  readonly output: string;

  constructor({ exitCode, output }: { exitCode: number; output: string }) {
    super(`the build ended with exit code ${exitCode}:\n${output}`);
    this.name = 'BuildFailed';
    this.exitCode = exitCode;
    this.output = output;
  }
}

/** A container that was to serve has ended instead. */
export class StartFailed extends Error {
  readonly exitCode: number;

  constructor({ exitCode, output }: { exitCode: number; output: string }) {
    super(`the container ended with exit code ${exitCode}:\n${output}`);
    this.name = 'StartFailed';
    this.exitCode = exitCode;
  }
}

/** What only an image can do. All that it makes is gone when the target is disposed of. */
export interface Image {
  readonly name: string;
  /** The folder of the runtime's fixture on this machine. */
  readonly fixtureFolder: string;
  /** Its manifest; absent for images of strangers. */
  readonly manifest?: Manifest;
  /** What the image says of itself. */
  readLabels(): Promise<Readonly<Record<string, string>>>;
  /** A new folder of this machine that containers may write, with a copy of another's contents if one is named. */
  makeFolder(from?: string): Promise<string>;
  /** Runs `helpers/build.sh` on the files of a folder. */
  build(options: BuildOptions): Promise<Build>;
  /** Starts `helpers/start.sh` and returns at once; it may end by itself. */
  serve(options: ServeOptions): Promise<Container>;
  /**
   * Runs a command in the image, in a folder that was made, or else in its working directory. All such commands share a
   * container, so they leave nothing outside of the folder.
   */
  run(command: readonly string[], folder?: string): Promise<Ended>;
}

export interface RunOptions {
  command: readonly string[];
  environment?: Readonly<Record<string, string>>;
  /** Folders of this machine, by their path in the container. */
  mounts?: Readonly<Record<string, string>>;
  /** Who the container is started as; what the executor would use if left out. */
  user?: string;
  /** Whose container it is, for whoever looks for what is left behind; `conformance` if left out. */
  label?: string;
}

export interface BuildOptions extends Omit<RunOptions, 'command'> {
  /** The folder that holds the source on this machine. */
  source: string;
  /** The install command; the manifest's if left out. */
  install?: string;
}

export interface Build extends Ended {
  /** The folder on this machine that was mounted at /mnt/code, with the artifact. */
  folder: string;
}

export interface ServeOptions extends Omit<RunOptions, 'command'> {
  /** The folder that is mounted at /mnt/code. */
  artifact: string;
  /** The start command; the manifest's if left out. */
  start?: string;
  /** It shall end by itself or be stopped, and nobody connects: it needs no network, which costs the engine most. */
  unreachable?: true;
}

export interface Ended {
  exitCode: number;
  /** stdout and stderr as they came. */
  output: string;
}

/** A container that serves, or did. */
export interface Container extends Server {
  readLogs(id: string): Promise<Logs>;
  /** Resolves when it answers its health path. Throws `StartFailed` if it ends before. */
  ready(): Promise<void>;
  exec(command: readonly string[]): Promise<Ended>;
  signal(name: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Resolves when it has ended. */
  readonly ended: Promise<Ended>;
  /** stdout and stderr until now. */
  output(): Promise<string>;
}
