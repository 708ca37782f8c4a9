import type { TestProject } from 'vitest/node';
import { checkNothingRuns } from './check-nothing-runs.ts';
import { type Deployment, deploy } from './deployment.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The one deployment that all tests of this folder share, or why there is none. */
    deployment: Deployment | string;
  }
}

/**
 * Deploys once for all test files. Where that cannot be done, the tests are skipped, and say why; where tests must not be
 * skipped (`CI=true`), that is an error. So is whatever the tests have left running when all are through.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  try {
    const { deployment, stop } = await deploy();
    project.provide('deployment', deployment);
    return () => checkNothingRuns(deployment).finally(stop);
  } catch (error) {
    if (process.env.CI === 'true') throw error;
    project.provide('deployment', (error as Error).message);
    return async () => undefined;
  }
}
