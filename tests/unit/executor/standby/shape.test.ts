// Tests which runtimes can be made of a standby, and of which.

import { expect, test } from 'vitest';
import { hasShape, isRecognised, shapeOf } from '../../../../src/executor/standby/shape.ts';

const REQUEST = {
  runtimeId: 'one',
  image: 'some:1',
  version: 'v5',
  cpus: 1,
  memory: 512,
  variables: {},
  entrypoint: '',
  source: 'a.tar.gz',
  outputDirectory: '',
  restartPolicy: 'no',
  concurrency: 0,
  runtimeEntrypoint: 'bash helpers/start.sh "bash helpers/server.sh"',
} as const;

test.each([
  'ln -sf /tmp/code.* /mnt/code/ && exec bash helpers/start.sh "bash helpers/server.sh"',
  'cp /tmp/code.tar.gz /mnt/code/code.tar.gz && nohup helpers/start.sh "bash helpers/server.sh"',
  'cp /tmp/code.tar.gz /mnt/code/code.tar.gz && nohup helpers/start.sh "helpers/server.sh"',
  "bash helpers/start.sh 'helpers/server.sh'",
  ' bash  /usr/local/server/helpers/start.sh\t"bash helpers/server.sh" ',
])('%j is what a standby does', (command) => expect(isRecognised(command)).toBe(true));

test.each([
  '',
  'start',
  'helpers/start.sh "npm start"',
  'rm -rf /mnt/code; helpers/start.sh "helpers/server.sh"',
  'helpers/start.sh "helpers/server.sh" && true',
  'source /usr/local/server/helpers/some/env.sh && bash helpers/some/server.sh',
  'A=1 helpers/start.sh "helpers/server.sh"',
])('%j is something else', (command) => expect(isRecognised(command)).toBe(false));

test.each([
  ['a runtime that is started again', { restartPolicy: 'always' }],
  ['one without a source', { source: '' }],
] as const)('%s starts from scratch', (_what, changes) => expect(hasShape({ ...REQUEST, ...changes })).toBe(false));

test.each([
  [true, 'cold'],
  [false, 'warm'],
])('whether it needs a fresh server (%s) makes it %s', (fresh, mode) => {
  expect(hasShape(REQUEST)).toBe(true);
  expect(shapeOf({ spec: REQUEST, fresh })).toEqual({ image: 'some:1', version: 'v5', cpus: 1, memory: 512, mode });
});
