// The folders in which an instance may write.

import { expect, test } from 'vitest';
import { scratchFolders } from '../../../src/adapters/confinement.ts';

test('work folders are mounted in memory, owned by the user of images, bounded by half of the instance', () => {
  const folders = scratchFolders({ mounts: [], memory: 65 });
  expect(folders['/tmp']).toBe('rw,exec,nosuid,nodev,mode=0755,uid=10001,gid=10001,size=33m');
  expect(Object.keys(folders)).toContain('/usr/local/server/src/function');
});

test('a work folder on which something is mounted stays as it is', () => {
  const folders = scratchFolders({ mounts: [{ source: '/some/folder', target: '/tmp' }], memory: 64 });
  expect(Object.keys(folders)).not.toContain('/tmp');
  expect(Object.keys(folders)).toContain('/mnt/logs');
});
