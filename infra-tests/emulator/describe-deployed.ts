import { describe, it } from 'vitest';
import { type DeployedStack, deployedStack } from './deployed-stack.ts';

/** A suite on the deployed stack: skipped, with the reason in its name, where there is none and that is allowed. */
export function describeDeployed(name: string, tests: (stack: DeployedStack) => void): void {
  const stack = deployedStack();
  if (typeof stack === 'string') {
    describe(`${name} (skipped: the stack cannot be deployed here, for ${stack})`, () => {
      it.skip('needs a deployed stack');
    });
    return;
  }
  describe(name, () => tests(stack));
}
