import { mapOf } from './proto/collection.ts';
import { enumOf } from './proto/enum.ts';
import type { Infer } from './proto/kind.ts';
import { message } from './proto/message.ts';

/** In which end state a dependency must be; FINISHED is either. */
export const dependencyTypes = { TYPE_UNSPECIFIED: 0, SUCCEEDED: 1, FAILED: 2, FINISHED: 3 } as const;
export type DependencyType = keyof typeof dependencyTypes;

/** Jobs by id or name, all of which must reach their state before this job is scheduled. */
export const jobDependencySchema = message('JobDependency', {
  items: mapOf(enumOf('JobDependency.Type', dependencyTypes)),
});
export type JobDependency = Infer<typeof jobDependencySchema>;
