import { allocationPolicySchema } from './allocation-policy.ts';
import { jobDependencySchema } from './dependency.ts';
import { jobStatusSchema } from './job-status.ts';
import { logsPolicySchema } from './logs-policy.ts';
import { jobNotificationSchema } from './notification.ts';
import { list, mapOf } from './proto/collection.ts';
import { enumOf } from './proto/enum.ts';
import { int64 } from './proto/integer.ts';
import type { Infer } from './proto/kind.ts';
import { message } from './proto/message.ts';
import { text, timestamp } from './proto/scalar.ts';
import { taskGroupSchema } from './task-group.ts';

export const jobSchedulingPolicies = {
  SCHEDULING_POLICY_UNSPECIFIED: 0,
  AS_SOON_AS_POSSIBLE: 1,
} as const;
export type JobSchedulingPolicy = keyof typeof jobSchedulingPolicies;

/** A job: the fields of v1 and of v1alpha. `name`, `uid`, `status`, `createTime` and `updateTime` are output only. */
export const jobSchema = message('Job', {
  name: text(),
  uid: text(),
  /** 0 to 99, higher first. Default 0. */
  priority: int64(),
  taskGroups: list(taskGroupSchema),
  schedulingPolicy: enumOf('Job.SchedulingPolicy', jobSchedulingPolicies),
  dependencies: list(jobDependencySchema),
  allocationPolicy: allocationPolicySchema,
  labels: mapOf(text()),
  status: jobStatusSchema,
  /** Deprecated in the API; `notifications` replaces it. */
  notification: jobNotificationSchema,
  createTime: timestamp(),
  updateTime: timestamp(),
  logsPolicy: logsPolicySchema,
  notifications: list(jobNotificationSchema),
});
export type Job = Infer<typeof jobSchema>;

export const listJobsResponseSchema = message('ListJobsResponse', {
  jobs: list(jobSchema),
  nextPageToken: text(),
  unreachable: list(text()),
});
export type ListJobsResponse = Infer<typeof listJobsResponseSchema>;
