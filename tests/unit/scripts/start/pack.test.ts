// Tests what is packed of the user's code.

import path from 'node:path';
import { expect, test } from 'vitest';
import { $ } from 'zx';
import { pack } from '../../../../scripts/start/pack.ts';
import { temporaryFolder } from '../../../support/folder.ts';

test('everything is packed but the history and what a build makes anew', async () => {
  await using folder = await temporaryFolder({
    'in/a.x': '',
    'in/.hidden': '',
    'in/sub/b.x': '',
    'in/.git/HEAD': '',
    'in/made/c.x': '',
  });
  const file = path.join(folder.path, 'code.tar.gz');
  await pack({ folder: path.join(folder.path, 'in'), ignore: ['made'], file });
  const listed = (await $`tar -tzf ${file}`).stdout.split('\n').filter((line) => line && !line.endsWith('/'));
  expect(listed.toSorted()).toEqual(['./.hidden', './a.x', './sub/b.x']);
});
