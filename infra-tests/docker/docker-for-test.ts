import type { EngineClient } from '../../agent/container/docker/engine-client.ts';
import { ensureDaemon } from './daemon.ts';
import { ensureImage, testImages } from './images.ts';

/** Docker's engine with the images of the tests. */
export interface DockerForTest {
  readonly engine: EngineClient;
  /** Says that this process needs the engine no longer. */
  release(): void;
}

/**
 * Docker for tests, or why there is none here: then the tests that need it are skipped, and say so. Where tests must not
 * be skipped (`CI=true`), that is an error. Any number of test files may ask at once.
 */
export async function dockerForTest(images = testImages): Promise<DockerForTest | string> {
  try {
    const { engine, release } = await ensureDaemon();
    for (const image of images) await ensureImage(engine, image);
    return {
      engine,
      release() {
        engine.close();
        release();
      },
    };
  } catch (error) {
    if (process.env.CI === 'true') throw error;
    return (error as Error).message;
  }
}
