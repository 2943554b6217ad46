// How vitest runs the tests: each folder of tests is a project of its own, so that one can be run alone.

import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

// Files of these share the engine, or a server, and measure how it does: one at a time.
const ALONE = new Set(['storage', 'adapters', 'e2e']);

export default defineConfig({
  test: {
    // Vitest would leave a core to itself, which is half of a small machine; tests wait more than they compute.
    maxWorkers: Math.max(availableParallelism(), 2),
    // The proof of the conformance suite waits for its servers, some of which time themselves: more would starve them.
    maxConcurrency: 6,
    projects: ['unit', 'repo', 'storage', 'adapters', 'conformance', 'e2e'].map((name) => ({
      test: {
        name,
        include: [`tests/${name}/**/*.test.ts`],
        testTimeout: 60_000,
        hookTimeout: 120_000,
        // Its own is a second, which a busy machine needs for less.
        expect: { poll: { timeout: 30_000, interval: 10 } },
        fileParallelism: !ALONE.has(name),
      },
    })),
  },
});
