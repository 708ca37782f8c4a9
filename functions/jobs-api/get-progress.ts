import { parseJobName } from '../../shared/contract/resource-name.ts';
import { formatTimestamp } from '../../shared/contract/time.ts';
import { closedBarrier, stageOf } from '../../shared/core/group/group-record.ts';
import { size } from '../../shared/core/index-runs.ts';
import type { Dependency } from '../../shared/core/job/dependencies.ts';
import { groupIdOf, type JobRecord } from '../../shared/core/job/job-record.ts';
import type { JobStateName } from '../../shared/core/job/job-states.ts';
import { waitReason } from '../../shared/core/job/wait-reason.ts';
import { dependentKey } from '../../shared/core/keys.ts';
import type { NodeStateName } from '../../shared/core/node/node-states.ts';
import type { TaskCounts } from '../../shared/core/seat/seat-progress.ts';
import type { SeatRecord } from '../../shared/core/seat/seat-record.ts';
import type { Store } from '../../shared/ports/store.ts';
import { loadGroups, loadSeats } from '../load-job.ts';
import type { ServicePorts } from '../service-ports.ts';
import type { Room } from './api-ports.ts';
import { failedTasks, type TaskFailure } from './failed-tasks.ts';
import type { DependentRecord } from './find-dependencies.ts';
import { findJob } from './find-job.ts';
import { type GroupNow, groupCounts, taskCountOf } from './group-now.ts';
import { queuePlace } from './queue-place.ts';

export interface JobProgress {
  readonly state: JobStateName;
  /** Why the job waits, when it does. */
  readonly waitingFor?: string;
  /** Jobs that this one waits for, or waited for. */
  readonly dependencies: readonly DependencyProgress[];
  /** Names of the jobs that wait for this one: the first twenty. */
  readonly dependents: readonly string[];
  readonly groups: readonly GroupProgress[];
  readonly nodes: readonly NodeProgress[];
  readonly failures: readonly TaskFailure[];
}

export interface DependencyProgress {
  readonly job: string;
  readonly need: string;
  /** MET, IMPOSSIBLE or OPEN. */
  readonly verdict: string;
  /** What that job was when the verdict fell. */
  readonly was?: string;
}

export interface GroupProgress {
  readonly group: string;
  readonly taskCount: number;
  /** From 1. */
  readonly stage: number;
  readonly stages: number;
  /** Tasks that wait at the barrier which is closed. */
  readonly atBarrier: number;
  readonly counts: TaskCounts;
}

export interface NodeProgress {
  readonly name: string;
  readonly state: NodeStateName;
  readonly slots: number;
  readonly running: number;
  readonly ended: number;
  readonly since?: string;
}

/** Ours, `GET …/jobs/{job}/progress`: where a job is, in one answer, for those who watch it. */
export async function getProgress(
  ports: Pick<ServicePorts, 'store' | 'logs' | 'clock'> & Room,
  request: { name: string },
): Promise<JobProgress> {
  const { store } = ports;
  const { body: job } = await findJob(store, parseJobName(request.name));
  const groups = await allGroups(store, job);
  const counted = groups.map((group, order) => ({
    ...group,
    progress: groupProgress(job, order, group),
    failed: groupCounts(job, order, group).FAILED,
  }));
  const waitingFor = (await queuePlace(ports, job)) ?? waitReason(job, groups, ports.clock.now());
  return {
    state: job.state,
    ...(waitingFor === undefined ? {} : { waitingFor }),
    dependencies: (job.dependencies ?? []).map(dependencyProgress),
    dependents: await dependentNames(store, job.uid),
    groups: counted.map(({ progress }) => progress),
    nodes: groups.flatMap(({ seats }) => seats.map(nodeProgress)),
    failures: await failedTasks(ports, job.uid, counted),
  };
}

const DEPENDENTS_SHOWN = 20;

async function dependentNames(store: Store, uid: string): Promise<string[]> {
  const found = await store.query<DependentRecord>({ pk: dependentKey(uid, '').pk, limit: DEPENDENTS_SHOWN });
  return found.map(({ body }) => body.name);
}

function dependencyProgress({ name, need, verdict, was }: Dependency): DependencyProgress {
  return { job: name, need, verdict: verdict ?? 'OPEN', ...(was === undefined ? {} : { was }) };
}

/** The groups with their seats, which are there until the job is deleted. */
async function allGroups(store: Store, job: JobRecord): Promise<GroupNow[]> {
  const planned = await loadGroups(store, job);
  return Promise.all(
    (job.spec.taskGroups ?? []).map(async (_, order) => {
      const groupId = groupIdOf(order);
      const group = planned.find(({ body }) => body.groupId === groupId)?.body;
      const seats = group === undefined ? [] : await loadSeats(store, group);
      return { groupId, group, seats: seats.map(({ body }) => body) };
    }),
  );
}

function groupProgress(job: JobRecord, order: number, now: GroupNow): GroupProgress {
  const { groupId, group, seats } = now;
  const runnables = job.spec.taskGroups?.[order]?.taskSpec?.runnables ?? [];
  const stages = runnables.filter(({ barrier }) => barrier !== undefined).length + 1;
  const barrier = group === undefined ? undefined : closedBarrier(group);
  const waiting = seats.map(({ parked }) => (barrier === undefined ? 0 : size(parked[barrier] ?? [])));
  return {
    group: groupId,
    taskCount: taskCountOf(job, order, group),
    ...(group === undefined ? { stage: 1, stages } : stageOf(group)),
    atBarrier: waiting.reduce((sum, count) => sum + count, 0),
    counts: groupCounts(job, order, now),
  };
}

function nodeProgress(seat: SeatRecord): NodeProgress {
  const { jobUid, groupId, node, state, slots, active, ended, nodeSince } = seat;
  return {
    name: node?.instance ?? `${jobUid}-${groupId}-${seat.seat}`,
    state,
    slots,
    running: active.filter(({ startedAt }) => startedAt !== undefined).length,
    ended: ended.succeeded + ended.failed,
    ...(nodeSince === undefined ? {} : { since: formatTimestamp(nodeSince) }),
  };
}
