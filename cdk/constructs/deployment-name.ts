import type { Construct } from 'constructs';

const CONTEXT = 'sluice:name';

/** Says how the names of all that is within `scope` begin. Must come before anything is put there. */
export function setDeploymentName(scope: Construct, name: string): void {
  scope.node.setContext(CONTEXT, name);
}

/** How names of the deployment begin that `scope` is part of. */
export function deploymentName(scope: Construct): string {
  return scope.node.getContext(CONTEXT) as string;
}
