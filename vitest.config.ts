import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{shared,functions,agent,local,cli,scripts,bench,cdk,infra-tests}/**/*.test.ts'],
    // The embedded service's tests start real processes; two cores do not profit from more workers.
    maxWorkers: 2,
    globalSetup: ['infra-tests/docker/stop-after-tests.ts'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});
