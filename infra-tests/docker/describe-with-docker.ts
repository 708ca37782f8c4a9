import { afterAll, describe, it } from 'vitest';
import { type DockerForTest, dockerForTest } from './docker-for-test.ts';
import { testImages } from './images.ts';

/** A suite that needs Docker: skipped, with the reason in its name, where there is none and that is allowed. */
export async function describeWithDocker(
  name: string,
  tests: (docker: DockerForTest) => void,
  images = testImages,
): Promise<void> {
  const docker = await dockerForTest(images);
  if (typeof docker === 'string') {
    const skipped = `${name} (skipped: there is no Docker here, for ${docker})`;
    console.warn(skipped);
    describe(skipped, () => {
      it.skip('needs Docker');
    });
    return;
  }
  describe(name, () => {
    afterAll(() => docker.release());
    tests(docker);
  });
}
