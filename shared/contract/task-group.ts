import { allocationPolicySchema } from './allocation-policy.ts';
import { dependencyTypes } from './dependency.ts';
import { environmentSchema } from './environment.ts';
import { list, mapOf } from './proto/collection.ts';
import { enumOf } from './proto/enum.ts';
import { int64 } from './proto/integer.ts';
import type { Infer } from './proto/kind.ts';
import { message } from './proto/message.ts';
import { bool, text } from './proto/scalar.ts';
import { serviceAccountSchema } from './service-account.ts';
import { taskSpecSchema } from './task-spec.ts';

/** In which order the tasks of a group start. */
export const taskGroupSchedulingPolicies = {
  SCHEDULING_POLICY_UNSPECIFIED: 0,
  AS_SOON_AS_POSSIBLE: 1,
  IN_ORDER: 2,
} as const;
export type TaskGroupSchedulingPolicy = keyof typeof taskGroupSchedulingPolicies;

/** Tasks that share a task spec. */
export const taskGroupSchema = message('TaskGroup', {
  /** Output only: `…/jobs/{job}/taskGroups/group0`. */
  name: text(),
  taskSpec: taskSpecSchema,
  /** Default 1, or the number of `taskEnvironments`. */
  taskCount: int64(),
  /** How many tasks run at once at most. Default: the smaller of taskCount and 5000; 1 when IN_ORDER. */
  parallelism: int64(),
  schedulingPolicy: enumOf('TaskGroup.SchedulingPolicy', taskGroupSchedulingPolicies),
  allocationPolicy: allocationPolicySchema,
  labels: mapOf(text()),
  /** One for each task, by index. */
  taskEnvironments: list(environmentSchema),
  /** How many tasks run on one node at once at most. Default: what fits. */
  taskCountPerNode: int64(),
  requireHostsFile: bool(),
  permissiveSsh: bool(),
  runAsNonRoot: bool(),
  serviceAccount: serviceAccountSchema,
  /** Ours: when a task has failed for good, the others are not started and those that run are stopped. Default false. */
  failFast: bool(),
  /** Ours: groups of this job, by id, that must have reached a state before this one begins. Default: none. */
  dependsOn: mapOf(enumOf('JobDependency.Type', dependencyTypes)),
});
export type TaskGroup = Infer<typeof taskGroupSchema>;
