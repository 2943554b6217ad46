// The memory adapter keeps the promises of the port.

import { createMemoryOrchestrator, openMemoryAdapter } from '../../src/adapters/memory.ts';
import { testAdapter } from './contract.ts';
import { MEMORY_PROGRAM } from './contract/program.ts';

const orchestrator = createMemoryOrchestrator({ images: { program: MEMORY_PROGRAM } });

testAdapter({
  title: 'memory',
  harness: {
    open: async ({ owner }) => openMemoryAdapter({ orchestrator, owner }),
    program: { image: 'program', command: ['serve'] },
    missingImage: 'missing',
    confined: false,
    purge: async () => orchestrator.instances.clear(),
  },
});
