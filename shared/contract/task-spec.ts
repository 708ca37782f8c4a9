import { computeResourceSchema } from './compute-resource.ts';
import { environmentSchema } from './environment.ts';
import { lifecyclePolicySchema } from './lifecycle-policy.ts';
import { list, mapOf } from './proto/collection.ts';
import { int32 } from './proto/integer.ts';
import type { Infer } from './proto/kind.ts';
import { message } from './proto/message.ts';
import { duration, text } from './proto/scalar.ts';
import { runnableSchema } from './runnable.ts';
import { volumeSchema } from './volume.ts';

/** What every task of a group does. */
export const taskSpecSchema = message('TaskSpec', {
  runnables: list(runnableSchema),
  computeResource: computeResourceSchema,
  /** Limit of a task's run time, which is the sum of its runnables' run times. Default: none. */
  maxRunDuration: duration(),
  /** 0 to 10, default 0. */
  maxRetryCount: int32(),
  lifecyclePolicies: list(lifecyclePolicySchema),
  /** Deprecated in the API; `environment.variables` replaces it. */
  environments: mapOf(text()),
  volumes: list(volumeSchema),
  environment: environmentSchema,
});
export type TaskSpec = Infer<typeof taskSpecSchema>;
