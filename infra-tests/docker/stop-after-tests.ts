import { stopDaemon } from './daemon.ts';

/** For vitest: when all tests are through, the daemon that they started goes. */
export async function teardown(): Promise<void> {
  await stopDaemon();
}
