import { ECSClient } from '@aws-sdk/client-ecs';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import { sweepTaskDefinitions, TaskDefinitions } from './task-definitions.ts';

/** The task definitions of a deployment, registered with patience, and with the right to them that the function's surroundings give. */
export function openTaskDefinitions({ store, clock }: { store: Store; clock: Clock }) {
  const ports = { client: new ECSClient({ maxAttempts: 10, retryMode: 'adaptive' }), store, clock };
  const definitions = new TaskDefinitions(ports);
  return {
    ensure: definitions.ensure.bind(definitions),
    sweep: () => sweepTaskDefinitions(ports),
  };
}
