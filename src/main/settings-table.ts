// Every setting of the executor: its variable, its default, what it means. The table in docs/operations.md is made from
// this.

import { hostname, tmpdir, totalmem } from 'node:os';
import path from 'node:path';

export interface Setting {
  variable: string;
  /** As it would be written into the variable. */
  default: string;
  /** What the default is where it depends on the machine. */
  defaultText?: string;
  description: string;
}

const MB = 1024 * 1024;

export const TABLE = {
  env: {
    variable: 'OPR_EXECUTOR_ENV',
    default: 'production',
    description: '`production`, or `development` for errors that say where they come from',
  },
  secret: {
    variable: 'OPR_EXECUTOR_SECRET',
    default: '',
    description: 'what callers send as the second word of `Authorization`; required',
  },
  port: { variable: 'OPR_EXECUTOR_PORT', default: '80', description: 'the port to listen on' },
  name: {
    variable: 'OPR_EXECUTOR_NAME',
    default: hostname(),
    defaultText: 'the host name',
    description:
      "begins the names of its runtimes, and tells them from other executors'; a new executor of the same " +
      'name takes over the runtimes of an earlier one',
  },
  workFolder: {
    variable: 'OPR_EXECUTOR_WORK_FOLDER',
    default: path.join(tmpdir(), 'open-runtimes'),
    defaultText: '`open-runtimes` in the folder for temporary files',
    description: 'below which each runtime gets a folder; the engine must see it under the same path',
  },
  images: {
    variable: 'OPR_EXECUTOR_IMAGES',
    default: '',
    description: 'images to pull when it starts, separated by commas',
  },
  network: {
    variable: 'OPR_EXECUTOR_NETWORK',
    default: 'openruntimes-runtimes',
    description: 'networks of the runtimes, separated by commas; made if missing',
  },
  reach: {
    variable: 'OPR_EXECUTOR_REACH',
    default: 'auto',
    description:
      'how runtimes are reached: at their `address`, at a port `published` on loopback, or whichever of ' +
      'the two works (`auto`)',
  },
  egress: {
    variable: 'OPR_EXECUTOR_EGRESS',
    default: 'allow',
    description: 'whether runtimes reach anything beyond their host: `allow` or `deny`',
  },
  storage: {
    variable: 'OPR_EXECUTOR_CONNECTION_STORAGE',
    default: 'file://localhost',
    description: 'where sources and artifacts are, as a DSN',
  },
  cacheStorage: {
    variable: 'OPR_EXECUTOR_CONNECTION_BUILD_CACHE_STORAGE',
    default: '',
    defaultText: 'that of the artifacts',
    description: 'where build caches are, as a DSN',
  },
  inactiveThreshold: {
    variable: 'OPR_EXECUTOR_INACTIVE_THRESHOLD',
    default: '60',
    description: 'seconds after which an idle runtime is removed',
  },
  maintenanceInterval: {
    variable: 'OPR_EXECUTOR_MAINTENANCE_INTERVAL',
    default: '3600',
    description: 'most seconds between two checks for idle runtimes',
  },
  runtimeVersions: {
    variable: 'OPR_EXECUTOR_RUNTIME_VERSIONS',
    default: 'v5',
    description: 'versions of the contract that callers may ask for, separated by commas',
  },
  retryAttempts: {
    variable: 'OPR_EXECUTOR_RETRY_ATTEMPTS',
    default: '5',
    description: 'how often an image is pulled before it counts as missing',
  },
  retryDelay: {
    variable: 'OPR_EXECUTOR_RETRY_DELAY_MS',
    default: '500',
    description: 'milliseconds between these attempts',
  },
  pullTimeout: {
    variable: 'OPR_EXECUTOR_PULL_TIMEOUT',
    default: '600',
    description: 'seconds that pulling one image may take',
  },
  registryUsername: {
    variable: 'OPR_EXECUTOR_DOCKER_HUB_USERNAME',
    default: '',
    description: 'the user name with which images are pulled',
  },
  registryPassword: {
    variable: 'OPR_EXECUTOR_DOCKER_HUB_PASSWORD',
    default: '',
    description: 'the password or access token to it',
  },
  registry: {
    variable: 'OPR_EXECUTOR_REGISTRY',
    default: 'docker.io',
    description: 'the registry that the user name and the password are for, and which alone is told them',
  },
  maxRuntimes: {
    variable: 'OPR_EXECUTOR_MAX_RUNTIMES',
    default: String(Math.max(4, Math.floor(totalmem() / (512 * MB)))),
    defaultText: 'the host’s memory divided by 512 MB, at least 4',
    description: 'maximum number of runtimes; further requests queue',
  },
  maxDisk: {
    variable: 'OPR_EXECUTOR_MAX_DISK',
    default: '4096',
    description: 'MB that the files of one runtime may take, and the largest that one file may be',
  },
  queueSize: {
    variable: 'OPR_EXECUTOR_QUEUE_SIZE',
    default: '1000',
    description:
      'maximum length of the queues of calls, one for each function, and of creations; further ones get 503 at once',
  },
  queueTimeout: {
    variable: 'OPR_EXECUTOR_QUEUE_TIMEOUT',
    default: '30',
    description: 'seconds from its arrival after which a request that is still queued, for whatever reason, gets 503',
  },
  startTimeout: {
    variable: 'OPR_EXECUTOR_START_TIMEOUT',
    default: '60',
    description: 'seconds within which a runtime must be ready, which is when it listens',
  },
  standbyMax: {
    variable: 'OPR_EXECUTOR_STANDBY_MAX',
    default: '50',
    description: 'maximum size of the standby pool, of containers that have started before they are needed; 0: no pool',
  },
  standbyMemory: {
    variable: 'OPR_EXECUTOR_STANDBY_MEMORY',
    default: String(Math.floor(totalmem() / MB)),
    defaultText: 'the host’s memory',
    description: 'MiB that the memory limits of the standby pool may add up to',
  },
  standbyMin: {
    variable: 'OPR_EXECUTOR_STANDBY_MIN',
    default: '1',
    description: 'standbys that the pool always has of each image in `OPR_EXECUTOR_IMAGES`',
  },
  standbyIdle: {
    variable: 'OPR_EXECUTOR_STANDBY_IDLE',
    default: '600',
    description: 'seconds without a cold start of an image after which the pool has no standby of it any more',
  },
  gatewayTimeout: {
    variable: 'OPR_EXECUTOR_GATEWAY_TIMEOUT',
    default: '30',
    description: 'seconds that a function may take when called through `/functions/<name>/`',
  },
  maxFunctionCalls: {
    variable: 'OPR_EXECUTOR_MAX_FUNCTION_CALLS',
    default: '500',
    description: 'maximum number of concurrent calls of one function; further ones queue',
  },
  maxCalls: {
    variable: 'OPR_EXECUTOR_MAX_CALLS',
    default: '5000',
    description: 'maximum number of calls of all functions, queued ones included; further ones get 503 at once',
  },
  metrics: {
    variable: 'OPR_EXECUTOR_METRICS',
    default: '',
    description:
      'where `/metrics` is served to Prometheus: a port of loopback, or an address of this host and a port ' +
      'such as `0.0.0.0:9100`; without it, nowhere',
  },
  traces: {
    variable: 'OTEL_EXPORTER_OTLP_ENDPOINT',
    default: '',
    description:
      'the OpenTelemetry collector to which traces go over HTTP, such as `http://localhost:4318`; without ' +
      'it, nothing is traced. Other `OTEL_` variables count as usual',
  },
  caBundle: {
    variable: 'OPR_CA_BUNDLE',
    default: '',
    defaultText: 'that of `NODE_EXTRA_CA_CERTS`, `SSL_CERT_FILE` and the like',
    description: 'a file of certificates that builds shall trust, as people behind a proxy need it',
  },
  version: { variable: 'OPR_EXECUTOR_VERSION', default: '0.11.0', description: 'sent with every error' },
} satisfies Record<string, Setting>;

export const SETTINGS: readonly Setting[] = Object.values(TABLE);
