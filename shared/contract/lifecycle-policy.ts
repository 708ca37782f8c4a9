import { list } from './proto/collection.ts';
import { enumOf } from './proto/enum.ts';
import { int32 } from './proto/integer.ts';
import type { Infer } from './proto/kind.ts';
import { message } from './proto/message.ts';

export const lifecycleActions = { ACTION_UNSPECIFIED: 0, RETRY_TASK: 1, FAIL_TASK: 2 } as const;
export type LifecycleAction = keyof typeof lifecycleActions;

export const actionConditionSchema = message('ActionCondition', { exitCodes: list(int32()) });

/**
 * What to do with a failed task by its exit code. RETRY_TASK: retry on a listed code, else fail at once.
 * FAIL_TASK: fail at once on a listed code, else retry. Retries stay within `maxRetryCount` either way.
 */
export const lifecyclePolicySchema = message('LifecyclePolicy', {
  action: enumOf('Action', lifecycleActions),
  actionCondition: actionConditionSchema,
});
export type LifecyclePolicy = Infer<typeof lifecyclePolicySchema>;
