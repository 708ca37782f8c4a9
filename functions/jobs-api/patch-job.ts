import { failedPrecondition, invalidArgument, invalidField } from '../../shared/contract/error.ts';
import type { Job } from '../../shared/contract/job.ts';
import { limits } from '../../shared/contract/limits.ts';
import { int64 } from '../../shared/contract/proto/integer.ts';
import { Problems } from '../../shared/contract/proto/problems.ts';
import { formatJobName, parseJobName } from '../../shared/contract/resource-name.ts';
import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import { every } from '../../shared/core/index-runs.ts';
import type { JobRecord } from '../../shared/core/job/job-record.ts';
import { isLive } from '../../shared/core/job/job-states.ts';
import { unfinished } from '../../shared/core/seat/seat-progress.ts';
import type { SeatRecord } from '../../shared/core/seat/seat-record.ts';
import type { Item, Put, Store } from '../../shared/ports/store.ts';
import { commitAgain } from '../commit-again.ts';
import { loadGroups, loadSeats } from '../load-job.ts';
import { jobWrite } from '../write-job.ts';
import type { ReadPorts } from './api-ports.ts';
import { findJob } from './find-job.ts';
import { groupsNow } from './group-now.ts';
import { jobView } from './job-view.ts';

export interface PatchJobRequest {
  readonly name: string;
  readonly updateMask: string | undefined;
  /** The body as JSON.parse gave it; all of it but the first group's taskCount is passed over. */
  readonly job: unknown;
}

/** Seats that share the tasks which a patch adds. */
const SHARED_BY = 50;

const TASK_COUNT = 'taskGroups[0].taskCount';

/**
 * jobs.patch: raises the number of tasks of a live job's first group, the one thing that can change. Where the job has a
 * plan, the new tasks go to its seats in the same commit.
 */
export async function patchJob({ store, clock }: ReadPorts, request: PatchJobRequest): Promise<Job> {
  const name = parseJobName(request.name);
  if (request.updateMask !== 'taskGroups' && request.updateMask !== 'task_groups') {
    throw invalidField('updateMask', `must be taskGroups; given ${JSON.stringify(request.updateMask ?? '')}`);
  }
  const taskCount = wantedTaskCount(request.job);
  return commitAgain(clock, async () => {
    const item = await findJob(store, name);
    const job = item.body;
    if (!isLive(job.state)) {
      throw failedPrecondition(
        `'${formatJobName(name)}' is ${job.state}; only a job that is QUEUED, SCHEDULED or RUNNING can be changed.`,
      );
    }
    const before = Number(job.spec.taskGroups?.[0]?.taskCount ?? 1);
    if (taskCount !== before) {
      checkRaise(job, before, taskCount);
      const added = await addTasks(store, job, before, taskCount);
      job.spec = withTaskCount(job.spec, taskCount);
      job.updatedAt = clock.now();
      await store.commit([jobWrite(item), ...added]);
    }
    return jobView(job, name, await groupsNow(store, job), clock.now());
  });
}

/** The first group's taskCount, read without minding what else the body says. */
function wantedTaskCount(body: unknown): number {
  const given = member(member(member(body, 'taskGroups', 'task_groups'), '0'), 'taskCount', 'task_count');
  if (given === undefined || given === null) {
    throw invalidField(TASK_COUNT, 'is required: nothing else can be changed; given nothing');
  }
  const problems = new Problems(TASK_COUNT);
  const taskCount = Number(int64().read(given, problems));
  if (problems.violations.length > 0) throw invalidArgument(problems.violations);
  return taskCount;
}

function member(value: unknown, ...names: readonly string[]): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  const name = names.find((candidate) => Object.hasOwn(value, candidate));
  return name === undefined ? undefined : (value as Record<string, unknown>)[name];
}

function checkRaise(job: JobRecord, before: number, taskCount: number): void {
  if ((job.spec.taskGroups?.[0]?.taskEnvironments ?? []).length > 0) {
    throw invalidField(TASK_COUNT, `must stay ${before}, the number of taskEnvironments; given ${taskCount}`);
  }
  if (taskCount < before || taskCount > limits.tasksPerGroup) {
    throw invalidField(
      TASK_COUNT,
      `must be from ${before}, for it can only be raised, to ${limits.tasksPerGroup}; given ${taskCount}`,
    );
  }
}

function withTaskCount(spec: Job, taskCount: number): Job {
  const [first, ...others] = spec.taskGroups ?? [];
  return { ...spec, taskGroups: [{ ...first, taskCount: String(taskCount) }, ...others] };
}

/** The writes that give tasks `from` to `to` (exclusive) to the seats of the first group; none before the job has a plan. */
async function addTasks(store: Store, job: JobRecord, from: number, to: number): Promise<Put[]> {
  const [group] = await loadGroups(store, job);
  if (group === undefined) return [];
  const { stop, endedAt } = group.body;
  const seats = takers(await loadSeats(store, group.body)).slice(0, Math.min(SHARED_BY, store.maxWrites - 2));
  if (stop !== undefined || endedAt !== undefined || seats.length === 0) {
    throw failedPrecondition(`Task group '${group.body.groupId}' is at its end and takes no more tasks.`);
  }
  for (const [at, { body }] of seats.entries()) body.unstarted.push(...every(from + at, seats.length, to));
  const changed: Item<GroupRecord | SeatRecord>[] = [
    { ...group, body: { ...group.body, taskCount: to } },
    ...seats,
  ];
  return changed.map(({ pk, sk, version, body }) => ({ pk, sk, body, ifVersion: version }));
}

/**
 * Seats that can take tasks: those with a node, or else those that still wait for one. A seat without node or tasks is
 * given up: no node would come for what it gets.
 */
function takers(seats: readonly Item<SeatRecord>[]): Item<SeatRecord>[] {
  const up = seats.filter(({ body }) => body.state === 'RUNNING' || body.state === 'STARTING');
  return up.length > 0 ? up : seats.filter(({ body }) => body.state !== 'STOPPED' && unfinished(body) > 0);
}
