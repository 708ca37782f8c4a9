import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import { stopReason } from '../../shared/core/group/group-record.ts';
import { seatsCoreHours } from '../../shared/core/job/core-hours.ts';
import { failureSuffix, moveJob } from '../../shared/core/job/job-events.ts';
import { type FinalGroup, groupIdOf, type JobHead } from '../../shared/core/job/job-record.ts';
import { isFinished } from '../../shared/core/job/job-states.ts';
import { type GroupProgress, groupProgress } from '../../shared/core/seat/seat-progress.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { LogReader } from '../../shared/ports/log-reader.ts';
import type { Store } from '../../shared/ports/store.ts';
import { commitAgain } from '../commit-again.ts';
import { forgetLogins, type LoginPorts } from '../forget-logins.ts';
import { loadGroups, loadJobHead, loadSeats } from '../load-job.ts';
import { jobWrite } from '../write-job.ts';
import { endOperations } from './end-operations.ts';
import { purgeJob } from './purge-job.ts';

export interface FinishPorts extends LoginPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly logs: LogReader;
}

/** A group as its job's end sees it. */
interface EndedGroup {
  readonly group: GroupRecord;
  readonly progress: GroupProgress;
  readonly final: FinalGroup;
}

/**
 * Writes a job's outcome, its counts and run time, once no node of it is left, and forgets its logins; a job that is being
 * deleted goes with all that belongs to it. Finishing twice changes nothing.
 */
export async function finishJob(ports: FinishPorts, uid: string): Promise<void> {
  const { store, clock } = ports;
  const ended = await commitAgain(clock, async () => {
    const item = await loadJobHead(store, uid);
    if (item === undefined) return undefined;
    if (isFinished(item.body.state) || item.body.state === 'DELETION_IN_PROGRESS') return item.body;
    const job = item.body;
    const now = clock.now();
    const groups = await Promise.all(
      (await loadGroups(store, job)).map((group) => endedGroup(store, job, group.body, now)),
    );
    // Nothing may be reported as finished while a task could still run: the caller has to wait for the group's end.
    if (groups.some(({ group }) => group.endedAt === undefined)) return undefined;
    settle(job, groups, now);
    job.finishedAt = now;
    job.final = Object.fromEntries(groups.map(({ group, final }) => [group.groupId, final]));
    const operations = await endOperations(store, job, now);
    await store.commit([jobWrite(item), ...operations]);
    return job;
  });
  // After the outcome, which is not to wait for it; whoever is cut off here is called again.
  await forgetLogins(ports, ended);
  if (ended?.state === 'DELETION_IN_PROGRESS') await purgeJob(ports, ended);
}

async function endedGroup(store: Store, job: JobHead, group: GroupRecord, now: number): Promise<EndedGroup> {
  const seats = (await loadSeats(store, group)).map((seat) => seat.body);
  const progress = groupProgress(seats);
  const cpuMilli = Number(
    job.spec.taskGroups?.find((_, at) => group.groupId === groupIdOf(at))?.taskSpec?.computeResource
      ?.cpuMilli ?? 0,
  );
  const coreHours = seatsCoreHours(seats, cpuMilli, now);
  const { taskPack, launch } = group;
  const machine = launch === undefined ? {} : { machineType: launch.machineType };
  return { group, progress, final: { counts: progress.counts, taskPack, coreHours, ...machine } };
}

function settle(job: JobHead, groups: readonly EndedGroup[], now: number): void {
  if (job.state === 'CANCELLATION_IN_PROGRESS') {
    moveJob(job, 'resources-freed', now);
    return;
  }
  if (job.state === 'SCHEDULED' && groups.some(({ progress }) => progress.begun))
    moveJob(job, 'task-started', now);
  const failure = groups.map(({ progress }) => progress.failure).find((failed) => failed !== undefined);
  const lost = groups
    .map(({ group }) => group.stop)
    .find((stop) => stop?.kind === 'NODES_LOST' || stop?.kind === 'RUN_DIED');
  if (lost !== undefined) {
    const reason = `Job failed due to ${stopReason(lost)}.`;
    const suffix = failure === undefined ? reason : `${reason} ${failureSuffix(failure)}`;
    moveJob(job, 'failed', now, { suffix });
  } else if (failure !== undefined) {
    moveJob(job, 'failed', now, { suffix: failureSuffix(failure), exitCode: failure.exitCode });
  } else {
    moveJob(job, 'tasks-succeeded', now);
  }
}
