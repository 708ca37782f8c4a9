import { diskSchema } from './disk.ts';
import { list, mapOf } from './proto/collection.ts';
import { enumOf } from './proto/enum.ts';
import { int64 } from './proto/integer.ts';
import type { Infer } from './proto/kind.ts';
import { message } from './proto/message.ts';
import { double, duration, text } from './proto/scalar.ts';
import { jobStates, provisioningModels } from './states.ts';
import { statusEventSchema } from './task.ts';

export const instanceStatusSchema = message('InstanceStatus', {
  machineType: text(),
  provisioningModel: enumOf('ProvisioningModel', provisioningModels),
  /** How many tasks a node of this kind holds at once. */
  taskPack: int64(),
  bootDisk: diskSchema,
});
export type InstanceStatus = Infer<typeof instanceStatusSchema>;

export const taskGroupStatusSchema = message('TaskGroupStatus', {
  /** Task state to the number of tasks in it. */
  counts: mapOf(int64()),
  instances: list(instanceStatusSchema),
});
export type TaskGroupStatus = Infer<typeof taskGroupStatusSchema>;

export const resourceUsageSchema = message('ResourceUsage', { coreHours: double() });
export type ResourceUsage = Infer<typeof resourceUsageSchema>;

export const jobStatusSchema = message('JobStatus', {
  state: enumOf('JobStatus.State', jobStates),
  statusEvents: list(statusEventSchema),
  /** By group id, `group0`. */
  taskGroups: mapOf(taskGroupStatusSchema),
  /** How long the job was RUNNING; `0s` before. */
  runDuration: duration(),
  resourceUsage: resourceUsageSchema,
});
export type JobStatus = Infer<typeof jobStatusSchema>;
