// Tests that only numbers of processes that are gone are removed.

import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { removeStalePidFiles } from '../../../../scripts/setup/stale.ts';
import { temporaryFolder } from '../../../support/folder.ts';

test.each([
  ['of the program itself', '7\n', { 'proc/7/status': 'Name:\tdaemon\nState:\tS (sleeping)\n' }, true],
  ['of a process that is gone', '7\n', {}, false],
  [
    'of a process that has ended, but is still listed',
    '7\n',
    { 'proc/7/status': 'Name:\tdaemon\nState:\tZ (zombie)\n' },
    false,
  ],
  ['that another program has by now', '7\n', { 'proc/7/status': 'Name:\tother\nState:\tS (sleeping)\n' }, false],
  ['that is none', '../7', { 'proc/7/status': 'Name:\tdaemon\nState:\tS (sleeping)\n' }, false],
])('a number %s', async (_what, pid, processes, stays) => {
  await using folder = await temporaryFolder({ 'daemon.pid': pid, ...processes });
  await removeStalePidFiles({ files: { [`${folder.path}/daemon.pid`]: 'daemon' }, processes: `${folder.path}/proc` });
  expect(existsSync(`${folder.path}/daemon.pid`)).toBe(stays);
});
