// The storage in a folder keeps the promises of the port.

import { readdir } from 'node:fs/promises';
import { openStorage } from '../../src/storage/open.ts';
import { testStorage } from './contract.ts';

let root: string;

testStorage({
  title: 'in a folder',
  harness: {
    open: async ({ folder }) => {
      root = folder;
      return openStorage({ dsn: `file://localhost${folder}` });
    },
    everything: () => readdir(root, { recursive: true }).catch(() => []),
  },
});
