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
  /** Executions and creations that may wait for room at once. */
  queueSize: number;
  queueTimeoutMs: number;
  /** How long a runtime may take until it answers. */
  startTimeoutMs: number;
  inactiveThresholdMs: number;
  maintenanceIntervalMs: number;
  /** For requests through the gateway. */
  gatewayTimeoutMs: number;
  retryAttempts: number;
  retryDelayMs: number;
  /** A file of certificates that builds shall trust. */
  caBundle?: string | undefined;
}
