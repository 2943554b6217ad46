// The Docker adapter keeps the promises of the port, whichever way its instances are reached.

import { openDockerAdapter, purgeDocker } from '../../src/adapters/docker.ts';
import { testAdapter } from './contract.ts';
import { CONTAINER_PROGRAM } from './contract/program.ts';

for (const reach of ['address', 'published'] as const) {
  testAdapter({
    title: `docker, reached by ${reach}`,
    harness: {
      open: ({ owner }) => openDockerAdapter({ owner, networks: ['opr-test', 'opr-test-second'], reach }),
      program: CONTAINER_PROGRAM,
      missingImage: '127.0.0.1:1/missing:1',
      confined: true,
      purge: purgeDocker,
    },
  });
}
