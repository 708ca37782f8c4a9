import { configDefaults, defineConfig } from 'vitest/config';

const ON_EMULATOR = 'infra-tests/emulator/**/*.test.ts';
const STOP_DOCKER = 'infra-tests/docker/stop-after-tests.ts';

export default defineConfig({
  test: {
    // The embedded service's tests start real processes; two cores do not profit from more workers.
    maxWorkers: 2,
    projects: [
      {
        test: {
          name: 'here',
          include: ['{shared,functions,agent,local,cli,scripts,bench,cdk,infra-tests}/**/*.test.ts'],
          exclude: [...configDefaults.exclude, ON_EMULATOR],
          globalSetup: [STOP_DOCKER],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'emulator',
          include: [ON_EMULATOR],
          // Deploys the stack once, for all files.
          globalSetup: [STOP_DOCKER, 'infra-tests/emulator/global-setup.ts'],
          testTimeout: 300_000,
          hookTimeout: 180_000,
        },
      },
    ],
  },
});
