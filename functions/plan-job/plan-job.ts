import { capacityOfGroup } from '../../shared/core/admission/job-demand.ts';
import { jobFacts, wantsTaskEvents } from '../../shared/core/events/job-facts.ts';
import { wantsTaskNotifications } from '../../shared/core/events/notifications-of-change.ts';
import type { NodeShape } from '../../shared/core/fargate/fargate-plan.ts';
import type { NodeLaunch } from '../../shared/core/fargate/node-launch.ts';
import { barriersOf, type GroupRecord } from '../../shared/core/group/group-record.ts';
import type { RequiredState } from '../../shared/core/job/dependencies.ts';
import { noteOnJob } from '../../shared/core/job/job-events.ts';
import { groupIdOf, type JobHead, type JobRecord } from '../../shared/core/job/job-record.ts';
import type { GroupOutline } from '../../shared/core/job/job-spec.ts';
import { isFinished, isLive } from '../../shared/core/job/job-states.ts';
import { groupKey, seatKey } from '../../shared/core/keys.ts';
import {
  type Capacity,
  type GroupPlan,
  type GroupWish,
  groupWishes,
  planGroup,
} from '../../shared/core/plan.ts';
import type { RetryRules } from '../../shared/core/retry.ts';
import { newSeat } from '../../shared/core/seat/seat-record.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Put, Store } from '../../shared/ports/store.ts';
import { commitAgain } from '../commit-again.ts';
import { forgetLogins, type LoginPorts } from '../forget-logins.ts';
import { loadGroups, loadJob } from '../load-job.ts';
import { jobWrite } from '../write-job.ts';

/**
 * Makes ready what the nodes of a job's group are started from, where they are not processes of this machine. `note`: what a
 * reader of the job's history would wonder about, as the rest of a sentence about nodes.
 */
export type PrepareNodes = (
  job: JobRecord,
  order: number,
  node: NodeShape,
) => Promise<{ readonly launch: NodeLaunch; readonly note?: string }>;

export interface PlanPorts extends LoginPorts {
  readonly store: Store;
  readonly clock: Clock;
  readonly prepareNodes?: PrepareNodes;
}

/**
 * Turns an admitted job into groups and seats and returns the groups. Planning twice gives the first plan; a job that
 * was cancelled or deleted before it was planned gets none and returns an empty list.
 */
export function planJob(ports: PlanPorts, capacity: Capacity, uid: string): Promise<GroupRecord[]> {
  const { store, clock, prepareNodes } = ports;
  let seen: JobHead | undefined;
  return commitAgain(clock, async () => {
    const job = await loadJob(store, uid);
    if (job === undefined) {
      await forgetLogins(ports, seen);
      return [];
    }
    seen = job.body;
    const planned = await loadGroups(store, job.body);
    const wished = job.body.spec.taskGroups ?? [];
    // A plan that broke off between two of its groups is none.
    const isPlanned = planned.length === wished.length;
    if (isPlanned || !isLive(job.body.state)) {
      // Whoever ends a planned job forgets its logins, and may have been there before this try kept them.
      if (!isPlanned || isFinished(job.body.state)) await forgetLogins(ports, job.body);
      return planned.map((group) => group.body);
    }
    const plans: { group: Put; seats: Put[] }[] = [];
    const notes = new Map<string, string[]>();
    // One after the other: groups with equal nodes share what is prepared.
    for (const [order, wish] of groupWishes(job.body).entries()) {
      const plan = planGroup(wish, capacityOfGroup(capacity, job.body.demand, order));
      const { launch, note } = (plan.node && (await prepareNodes?.(job.body, order, plan.node))) ?? {};
      if (note !== undefined) notes.set(note, [...(notes.get(note) ?? []), groupIdOf(order)]);
      plans.push(groupPlan(job.body, wish, order, barriersOf(wished[order]), plan, launch));
    }
    for (const [note, groups] of notes)
      noteOnJob(job.body, `Nodes of ${groups.join(', ')} ${note}.`, clock.now());
    // Seats first, as many a commit as fit; the groups, together, make the plan valid. Each commit writes the job as it
    // was read, so that a cancellation, a larger taskCount or another planner in between is a conflict, and all is
    // planned again.
    const seats = plans.flatMap((plan) => plan.seats);
    const groups = plans.map((plan) => plan.group);
    let { version } = job;
    for (const part of inCommits(seats, groups, store.maxWrites - 1)) {
      await store.commit([jobWrite({ ...job, version }), ...(await replacing(store, part))]);
      version += 1;
    }
    return plans.map((plan) => plan.group.body as GroupRecord);
  });
}

/** The writes of a plan in commits of at most `most`. */
function inCommits(seats: readonly Put[], groups: readonly Put[], most: number): Put[][] {
  if (seats.length + groups.length <= most) return [[...seats, ...groups]];
  const parts: Put[][] = [];
  for (let from = 0; from < seats.length; from += most) parts.push(seats.slice(from, from + most));
  return [...parts, [...groups]];
}

/** Seats of an earlier try that came to nothing are overwritten: the job may have been given more tasks since. */
async function replacing(store: Store, writes: readonly Put[]): Promise<Put[]> {
  const there = await store.getMany(writes);
  return writes.map((write, at) => ({ ...write, ifVersion: there[at]?.version ?? 0 }));
}

function groupPlan(
  job: JobRecord,
  wish: GroupWish,
  order: number,
  barriers: readonly number[],
  plan: GroupPlan,
  launch: NodeLaunch | undefined,
): { group: Put; seats: Put[] } {
  const groupId = groupIdOf(order);
  const { group } = wish;
  const waitsFor = Object.entries(group.dependsOn ?? {}).map(([id, need]) => ({
    groupId: id,
    need: need as RequiredState,
  }));
  const body: GroupRecord = {
    jobUid: job.uid,
    groupId,
    project: job.project,
    location: job.location,
    jobId: job.jobId,
    taskCount: plan.taskCount,
    seatCount: plan.seats.length,
    taskPack: plan.taskPack,
    ...(launch === undefined ? {} : { launch }),
    barriers,
    reachedBarrier: 0,
    retry: retryRules(group),
    failFast: group.failFast === true,
    ...(group.runAsNonRoot ? { runAsNonRoot: true } : {}),
    ...(tellsTasks(job) ? { tellsTasks: true } : {}),
    ...(waitsFor.length > 0 ? { waitsFor } : {}),
  };
  const seats = plan.seats.map(({ slots, unstarted }, seat) => ({
    ...seatKey(job.uid, groupId, seat),
    body: newSeat({ jobUid: job.uid, groupId, seat, slots, unstarted }),
    ifVersion: 0,
  }));
  return { group: { ...groupKey(job.uid, groupId), body, ifVersion: 0 }, seats };
}

function tellsTasks(job: JobRecord): boolean {
  const facts = jobFacts(job);
  return wantsTaskEvents(facts) || wantsTaskNotifications(facts);
}

function retryRules(group: GroupOutline): RetryRules {
  const policy = group.taskSpec?.lifecyclePolicies?.[0];
  const maxRetryCount = group.taskSpec?.maxRetryCount ?? 0;
  if (policy?.action !== 'RETRY_TASK' && policy?.action !== 'FAIL_TASK') return { maxRetryCount };
  return {
    maxRetryCount,
    policy: { action: policy.action, exitCodes: policy.actionCondition?.exitCodes ?? [] },
  };
}
