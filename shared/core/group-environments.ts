import type { Environment } from '../contract/environment.ts';
import type { TaskGroup } from '../contract/task-group.ts';

/** An environment of a group, with its field's path. */
export interface PlacedEnvironment {
  readonly environment: Environment;
  readonly path: string;
}

/** All environments of a group: of its tasks, of each of them, of each runnable. `path`: of the group. */
export function* environmentsOf(group: TaskGroup, path: string): Generator<PlacedEnvironment> {
  const { environment, runnables = [] } = group.taskSpec ?? {};
  if (environment) yield { environment, path: `${path}.taskSpec.environment` };
  for (const [at, environment] of (group.taskEnvironments ?? []).entries())
    yield { environment, path: `${path}.taskEnvironments[${at}]` };
  for (const [at, { environment }] of runnables.entries())
    if (environment) yield { environment, path: `${path}.taskSpec.runnables[${at}].environment` };
}
