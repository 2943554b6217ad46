// Tests when a process takes over a socket.

import { expect, test } from 'vitest';
import { inheritedSocket } from '../../../src/main/inherited-socket.ts';

test.each([
  [{}, undefined],
  [{ LISTEN_FDS: '0' }, undefined],
  [{ LISTEN_FDS: '1' }, 3],
  [{ LISTEN_FDS: '1', LISTEN_PID: '12' }, 3],
  [{ LISTEN_FDS: '1', LISTEN_PID: '13' }, undefined],
])('with %j it is %j', (environment, expected) => {
  expect(inheritedSocket({ environment, pid: 12 })).toBe(expected);
});
