// What an executor is set to; src/main reads it from the environment.

export interface ExecutorSettings {
  /** Sent with every error. */
  version: string;
  /** Adds file, line and trace to errors. */
  development: boolean;
  secret: string;
  /** Begins the names of all runtimes, and tells this executor's from others'. */
  name: string;
  /** Below which every runtime gets a folder. Absolute. */
  workFolder: string;
  runtimeVersions: readonly string[];
  maxRuntimes: number;
  /** MB that the files of one runtime may take; absent: as many as there are. */
  maxDisk?: number;
  /** Calls of one function that may wait for a replica at once, and creations that may wait for a place. */
  queueSize: number;
  queueTimeoutMs: number;
  /** How long a runtime may take until it answers. */
  startTimeoutMs: number;
  inactiveThresholdMs: number;
  maintenanceIntervalMs: number;
  /** Images that this executor will be asked for. */
  images: readonly string[];
  /** Most standbys at once; 0: none. */
  standbyMax: number;
  /** MiB that all standbys together may use. */
  standbyMemory: number;
  /** Standbys that are always kept of each of the images. */
  standbyMin: number;
  /** How long after the last cold start of an image others of it are expected. */
  standbyIdleMs: number;
  /** For requests through the gateway. */
  gatewayTimeoutMs: number;
  /** Calls of one function that may be under way at once. */
  maxFunctionCalls: number;
  /** Calls of all functions, those that wait included. */
  maxCalls: number;
  retryAttempts: number;
  retryDelayMs: number;
  /** A file of certificates that builds shall trust. */
  caBundle?: string | undefined;
}
