import type { Job } from '../../shared/contract/job.ts';
import type { TaskGroupStatus } from '../../shared/contract/job-status.ts';
import { formatJobName, formatTaskGroupName, type JobName } from '../../shared/contract/resource-name.ts';
import { formatDuration, formatTimestamp } from '../../shared/contract/time.ts';
import { seatsCoreHours } from '../../shared/core/job/core-hours.ts';
import { groupIdOf, type JobHead, type JobRecord } from '../../shared/core/job/job-record.ts';
import { type GroupNow, groupCounts } from './group-now.ts';
import { jobStatusEvent } from './status-event.ts';

/** How long the job has been RUNNING, or was. */
export function runMs({ runningAt, runEndedAt }: JobHead, now: number): number {
  return runningAt === undefined ? 0 : Math.max(0, (runEndedAt ?? now) - runningAt);
}

/** A job without what takes more than its own record: enough for a list's filter. `name` is how the client writes it. */
export function jobOutline<Head extends JobHead>(job: Head, name: JobName, now: number): Head['spec'] {
  return {
    name: formatJobName(name),
    uid: job.uid,
    ...job.spec,
    status: { state: job.state, runDuration: formatDuration(runMs(job, now)) },
    createTime: formatTimestamp(job.createdAt),
    updateTime: formatTimestamp(job.updatedAt),
  };
}

/** A job as clients see it. `name` is how the client writes it, `groups` comes from `groupsNow`. */
export function jobView(job: JobRecord, name: JobName, groups: readonly GroupNow[], now: number): Job {
  const outline = jobOutline(job, name, now);
  return {
    ...outline,
    taskGroups: (job.spec.taskGroups ?? []).map((group, order) => ({
      name: formatTaskGroupName({ ...name, groupId: groupIdOf(order) }),
      ...group,
    })),
    status: {
      ...outline.status,
      statusEvents: job.events.map(jobStatusEvent),
      taskGroups: Object.fromEntries(
        groups.map((group, order) => [group.groupId, groupStatus(job, order, group)]),
      ),
      resourceUsage: { coreHours: coreHours(job, groups, now) },
    },
  };
}

function groupStatus(job: JobHead, order: number, now: GroupNow): TaskGroupStatus {
  const counts = Object.entries(groupCounts(job, order, now)).filter(([, count]) => count > 0);
  const wished = job.spec.taskGroups?.[order];
  const policy = job.spec.allocationPolicy?.instances?.[0]?.policy ?? {};
  const machineType =
    job.final?.[now.groupId]?.machineType ||
    now.group?.launch?.machineType ||
    now.seats.find(({ node }) => node !== undefined)?.node?.machineType ||
    policy.machineType;
  const taskPack = job.final?.[now.groupId]?.taskPack ?? now.group?.taskPack ?? wished?.taskCountPerNode;
  return {
    counts: Object.fromEntries(counts.map(([state, count]) => [state, String(count)])),
    instances: [
      {
        ...(machineType ? { machineType } : {}),
        provisioningModel: policy.provisioningModel ?? 'STANDARD',
        ...(taskPack === undefined ? {} : { taskPack: String(taskPack) }),
        ...(policy.bootDisk === undefined ? {} : { bootDisk: policy.bootDisk }),
      },
    ],
  };
}

function coreHours(job: JobHead, groups: readonly GroupNow[], now: number): number {
  const hours = groups.map(({ groupId, seats }, order) => {
    const cpuMilli = Number(job.spec.taskGroups?.[order]?.taskSpec?.computeResource?.cpuMilli ?? 0);
    return job.final?.[groupId]?.coreHours ?? seatsCoreHours(seats, cpuMilli, now);
  });
  return hours.reduce((sum, part) => sum + part, 0);
}
