// Tests which registry an image comes from.

import { expect, test } from 'vitest';
import { registryOf } from '../../../../src/adapters/docker/pull.ts';

test.each([
  ['invented', 'docker.io'],
  ['invented:1', 'docker.io'],
  ['openruntimes/invented:v5-1', 'docker.io'],
  ['docker.io/library/invented', 'docker.io'],
  ['registry.example.com/a/b:1', 'registry.example.com'],
  ['registry.example.com:5000/a@sha256:00', 'registry.example.com:5000'],
  ['localhost/a', 'localhost'],
  ['127.0.0.1:5000/a', '127.0.0.1:5000'],
])('%s comes from %s', (image, registry) => {
  expect(registryOf(image)).toBe(registry);
});
