// How vitest runs the tests: each folder of tests is a project of its own, so that one can be run alone.

import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // The proof of the conformance suite mostly waits for its servers.
    maxConcurrency: 48,
    projects: ['unit', 'repo', 'storage', 'adapters', 'conformance', 'e2e'].map((name) => ({
      test: { name, include: [`tests/${name}/**/*.test.ts`], testTimeout: 60_000, hookTimeout: 120_000 },
    })),
  },
});
