// Reads the settings of the executor from the environment, all of them at once.

import path from 'node:path';
import { findCaBundle } from '../lib/ca-bundle.ts';
import type { ExecutorSettings } from '../executor/settings.ts';
import { TABLE } from './settings-table.ts';

export interface Settings {
  executor: ExecutorSettings;
  port: number;
  images: string[];
  networks: [string, ...string[]];
  reach: 'auto' | 'address' | 'published';
  egress: 'allow' | 'deny';
  storage: string;
  cacheStorage: string;
  /** The login of the registry; undefined: none. */
  credentials: { registry: string; username: string; password: string } | undefined;
  pullTimeoutMs: number;
  /** Where metrics are served; undefined: nowhere. */
  metrics: { host: string; port: number } | undefined;
  /** Where traces are sent; undefined: nowhere. */
  traces: string | undefined;
}

/** Throws one error that names every variable that is not right. */
export function readSettings(environment: NodeJS.ProcessEnv): Settings {
  const problems: string[] = [];
  const text = (key: keyof typeof TABLE): string => environment[TABLE[key].variable] || TABLE[key].default;
  const number = (key: keyof typeof TABLE, { least }: { least: number }): number => {
    const value = Number(text(key));
    if (!(value >= least) || !Number.isFinite(value))
      problems.push(`${TABLE[key].variable} must be a number, at least ${least}, and is ${JSON.stringify(text(key))}.`);
    return value;
  };
  const list = (key: keyof typeof TABLE): string[] =>
    text(key)
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '');
  const oneOf = <Value extends string>(key: keyof typeof TABLE, values: readonly Value[]): Value => {
    const found = values.find((value) => value === text(key));
    if (found === undefined)
      problems.push(`${TABLE[key].variable} must be one of ${values.join(', ')}, and is ${JSON.stringify(text(key))}.`);
    return found ?? (values[0] as Value);
  };

  const place = (key: keyof typeof TABLE): Settings['metrics'] => {
    if (text(key) === '') return undefined;
    const [, host, port] = /^(?:(.+):)?(\d{1,5})$/.exec(text(key)) ?? [];
    if (port === undefined)
      problems.push(
        `${TABLE[key].variable} must be a port or an address and a port such as 0.0.0.0:9100, and is ` +
          `${JSON.stringify(text(key))}.`,
      );
    return { host: host?.replace(/^\[(.*)\]$/, '$1') ?? '127.0.0.1', port: Number(port) };
  };

  const [firstNetwork = 'openruntimes-runtimes', ...networks] = list('network');
  const settings: Settings = {
    executor: {
      version: text('version'),
      development: oneOf('env', ['production', 'development']) === 'development',
      secret: text('secret'),
      name: text('name')
        .toLowerCase()
        .replaceAll(/[^a-z0-9_.-]/g, '-'),
      workFolder: path.resolve(text('workFolder')),
      runtimeVersions: list('runtimeVersions'),
      maxRuntimes: number('maxRuntimes', { least: 1 }),
      maxDisk: number('maxDisk', { least: 1 }),
      queueSize: number('queueSize', { least: 0 }),
      queueTimeoutMs: number('queueTimeout', { least: 0 }) * 1000,
      startTimeoutMs: number('startTimeout', { least: 1 }) * 1000,
      inactiveThresholdMs: number('inactiveThreshold', { least: 0.1 }) * 1000,
      maintenanceIntervalMs: number('maintenanceInterval', { least: 0.1 }) * 1000,
      images: list('images'),
      standbyMax: number('standbyMax', { least: 0 }),
      standbyMemory: number('standbyMemory', { least: 0 }),
      standbyMin: number('standbyMin', { least: 0 }),
      standbyIdleMs: number('standbyIdle', { least: 0.1 }) * 1000,
      gatewayTimeoutMs: number('gatewayTimeout', { least: 1 }) * 1000,
      maxFunctionCalls: number('maxFunctionCalls', { least: 1 }),
      maxCalls: number('maxCalls', { least: 1 }),
      retryAttempts: number('retryAttempts', { least: 1 }),
      retryDelayMs: number('retryDelay', { least: 0 }),
      caBundle: findCaBundle(environment),
    },
    port: number('port', { least: 0 }),
    images: list('images'),
    networks: [firstNetwork, ...networks],
    reach: oneOf('reach', ['auto', 'address', 'published']),
    egress: oneOf('egress', ['allow', 'deny']),
    storage: text('storage'),
    cacheStorage: text('cacheStorage') || text('storage'),
    credentials:
      text('registryUsername') === ''
        ? undefined
        : { registry: text('registry'), username: text('registryUsername'), password: text('registryPassword') },
    pullTimeoutMs: number('pullTimeout', { least: 1 }) * 1000,
    metrics: place('metrics'),
    traces: text('traces') === '' ? undefined : `${text('traces').replace(/\/+$/, '')}/v1/traces`,
  };
  if (settings.executor.secret === '')
    problems.push('OPR_EXECUTOR_SECRET must be set; callers send it as "Authorization: Bearer <secret>".');
  if ((text('registryUsername') === '') !== (text('registryPassword') === ''))
    problems.push('OPR_EXECUTOR_DOCKER_HUB_USERNAME and OPR_EXECUTOR_DOCKER_HUB_PASSWORD must be set both or neither.');
  if (problems.length > 0) throw new RangeError(problems.join('\n'));
  return settings;
}
