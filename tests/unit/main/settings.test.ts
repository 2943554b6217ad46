// Tests how settings are read, and what is said about those that are not right.

import { expect, test } from 'vitest';
import { readSettings } from '../../../src/main/settings.ts';
import { SETTINGS } from '../../../src/main/settings-table.ts';

test('only the secret must be given', () => {
  expect(readSettings({ OPR_EXECUTOR_SECRET: 'x' })).toMatchObject({
    port: 80,
    networks: ['openruntimes-runtimes'],
    executor: { secret: 'x', inactiveThresholdMs: 60_000 },
  });
});

test('an empty secret refuses to start', () => {
  expect(() => readSettings({})).toThrow('OPR_EXECUTOR_SECRET must be set');
});

test('everything that is wrong is said at once', () => {
  expect(() => readSettings({ OPR_EXECUTOR_PORT: 'x', OPR_EXECUTOR_ENV: 'test', OPR_EXECUTOR_REACH: 'far' })).toThrow(
    /OPR_EXECUTOR_ENV.*OPR_EXECUTOR_PORT.*OPR_EXECUTOR_REACH.*OPR_EXECUTOR_SECRET/s,
  );
});

test('lists are separated by commas', () => {
  expect(
    readSettings({ OPR_EXECUTOR_SECRET: 'x', OPR_EXECUTOR_NETWORK: 'a, b', OPR_EXECUTOR_IMAGES: 'c,,d' }),
  ).toMatchObject({ networks: ['a', 'b'], images: ['c', 'd'] });
});

test('every setting is described', () => {
  expect(
    SETTINGS.filter(({ variable, description }) => !/^(?:OPR|OTEL)_[A-Z_]+$/.test(variable) || description === ''),
  ).toEqual([]);
});

test('the login of a registry is whole or absent', () => {
  const login = { OPR_EXECUTOR_DOCKER_HUB_USERNAME: 'me', OPR_EXECUTOR_DOCKER_HUB_PASSWORD: 'hidden' };
  expect(readSettings({ OPR_EXECUTOR_SECRET: 'x' }).credentials).toBeUndefined();
  expect(readSettings({ OPR_EXECUTOR_SECRET: 'x', ...login }).credentials).toEqual({
    registry: 'docker.io',
    username: 'me',
    password: 'hidden',
  });
  expect(
    readSettings({ OPR_EXECUTOR_SECRET: 'x', ...login, OPR_EXECUTOR_REGISTRY: 'registry.example:5000' }).credentials,
  ).toMatchObject({ registry: 'registry.example:5000' });
  for (const one of Object.keys(login))
    expect(() => readSettings({ OPR_EXECUTOR_SECRET: 'x', ...login, [one]: '' })).toThrow('both or neither');
});

test.each([
  ['', undefined],
  ['9100', { host: '127.0.0.1', port: 9100 }],
  ['0.0.0.0:9100', { host: '0.0.0.0', port: 9100 }],
  ['[::1]:9100', { host: '::1', port: 9100 }],
])('metrics at "%s" are served at %o', (OPR_EXECUTOR_METRICS, metrics) => {
  expect(readSettings({ OPR_EXECUTOR_SECRET: 'x', OPR_EXECUTOR_METRICS }).metrics).toEqual(metrics);
});

test('metrics cannot be served at what is no port', () => {
  expect(() => readSettings({ OPR_EXECUTOR_SECRET: 'x', OPR_EXECUTOR_METRICS: 'yes' })).toThrow(
    'OPR_EXECUTOR_METRICS must be a port',
  );
});

test.each([
  ['', undefined],
  ['http://collector:4318', 'http://collector:4318/v1/traces'],
  ['http://collector/otlp/', 'http://collector/otlp/v1/traces'],
])('with the collector "%s", traces go to %s', (OTEL_EXPORTER_OTLP_ENDPOINT, traces) => {
  expect(readSettings({ OPR_EXECUTOR_SECRET: 'x', OTEL_EXPORTER_OTLP_ENDPOINT }).traces).toBe(traces);
});
