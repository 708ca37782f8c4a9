import type {
  DependencyProgress,
  GroupProgress,
  NodeProgress,
  Progress,
} from '../../shared/contract/progress.ts';
import { parseJobName } from '../../shared/contract/resource-name.ts';
import type { TaskGroup } from '../../shared/contract/task-group.ts';
import { formatTimestamp } from '../../shared/contract/time.ts';
import { barriersOf, closedBarrier, stageOf } from '../../shared/core/group/group-record.ts';
import { size } from '../../shared/core/index-runs.ts';
import type { Dependency } from '../../shared/core/job/dependencies.ts';
import { groupIdOf, type JobHead } from '../../shared/core/job/job-record.ts';
import { waitReason } from '../../shared/core/job/wait-reason.ts';
import { dependentKey } from '../../shared/core/keys.ts';
import type { SeatRecord } from '../../shared/core/seat/seat-record.ts';
import type { Store } from '../../shared/ports/store.ts';
import { loadGroups, loadJob, loadSeats } from '../load-job.ts';
import type { ServicePorts } from '../service-ports.ts';
import type { Room } from './api-ports.ts';
import { failedTasks } from './failed-tasks.ts';
import type { DependentRecord } from './find-dependencies.ts';
import { findJobHead } from './find-job.ts';
import { type GroupNow, groupCounts, taskCountOf } from './group-now.ts';
import { queuePlace } from './queue-place.ts';

/** Ours, `GET …/jobs/{job}/progress`: where a job is, in one answer, for those who watch it. */
export async function getProgress(
  ports: Pick<ServicePorts, 'store' | 'logs' | 'clock'> & Room,
  request: { name: string },
): Promise<Progress> {
  const { store } = ports;
  const item = await findJobHead(store, parseJobName(request.name));
  const job = item.body;
  const groups = await allGroups(store, job);
  // How many stages a group has, its plan says; before there is one, the whole spec.
  const unplanned = groups.some(({ group }) => group === undefined);
  const spec = unplanned ? (await loadJob(store, job.uid))?.body.spec : undefined;
  const counted = groups.map((group, order) => ({
    ...group,
    progress: groupProgress(job, spec?.taskGroups?.[order], order, group),
    failed: groupCounts(job, order, group).FAILED,
  }));
  const waitingFor = (await queuePlace(ports, item)) ?? waitReason(job, groups, ports.clock.now());
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
async function allGroups(store: Store, job: JobHead): Promise<GroupNow[]> {
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

function groupProgress(
  job: JobHead,
  wished: TaskGroup | undefined,
  order: number,
  now: GroupNow,
): GroupProgress {
  const { groupId, group, seats } = now;
  const barrier = group === undefined ? undefined : closedBarrier(group);
  const waiting = seats.map(({ parked }) => (barrier === undefined ? 0 : size(parked[barrier] ?? [])));
  return {
    group: groupId,
    taskCount: taskCountOf(job, order, group),
    ...stageOf(group ?? { barriers: barriersOf(wished), reachedBarrier: 0 }),
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
