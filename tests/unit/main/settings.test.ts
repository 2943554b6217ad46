// Tests how settings are read, and what is said about those that are not right.

import { expect, test } from 'vitest';
import { readSettings, SETTINGS } from '../../../src/main/settings.ts';

test('only the secret must be given', () => {
  expect(readSettings({ OPR_EXECUTOR_SECRET: 'x' })).toMatchObject({ port: 80, networks: ['openruntimes-runtimes'], executor: { secret: 'x', inactiveThresholdMs: 60_000 } });
});

test('an empty secret refuses to start', () => {
  expect(() => readSettings({})).toThrow('OPR_EXECUTOR_SECRET must be set');
});

test('everything that is wrong is said at once', () => {
  expect(() => readSettings({ OPR_EXECUTOR_PORT: 'x', OPR_EXECUTOR_ENV: 'test', OPR_EXECUTOR_REACH: 'far' })).toThrow(/OPR_EXECUTOR_ENV.*OPR_EXECUTOR_PORT.*OPR_EXECUTOR_REACH.*OPR_EXECUTOR_SECRET/s);
});

test('lists are separated by commas', () => {
  expect(readSettings({ OPR_EXECUTOR_SECRET: 'x', OPR_EXECUTOR_NETWORK: 'a, b', OPR_EXECUTOR_IMAGES: 'c,,d' })).toMatchObject({ networks: ['a', 'b'], images: ['c', 'd'] });
});

test('every setting is described', () => {
  expect(SETTINGS.filter(({ variable, description }) => !/^OPR_[A-Z_]+$/.test(variable) || description === '')).toEqual([]);
});
