// Tests what is said about a daemon that does not come up.

import { expect, test } from 'vitest';
import { daemonTrouble } from '../../../../scripts/setup/engine.ts';

test('the end of its log is shown', () => {
  expect(daemonTrouble('1\n2\n3\n4\n5\nno space left on device\n')).toMatch(
    /did not start\.\n.*:\n2\n3\n4\n5\nno space left on device$/,
  );
});

test('trouble with the firewall comes with what to try', () => {
  expect(daemonTrouble('failed to create NAT chain DOCKER: iptables failed\n')).toContain('iptables-legacy');
});
