import type { JobHead } from '../job/job-record.ts';
import { type Capacity, demandOf, type GroupDemand } from '../plan.ts';
import { type Amounts, type Limits, lower, nameOf, shown, tooLittle } from './amounts.ts';
import { mostAtOnce } from './at-once.ts';
import { projectLimits, type UseLimits } from './use-limits.ts';

/** What a job takes: at its largest moment, and what each of its groups, in order, may have for itself. */
export interface JobDemand {
  readonly amounts: Amounts;
  readonly groups: readonly { readonly nodes: number; readonly cpuMilli: number }[];
}

/** Why a job can never be admitted, with the numbers. */
export interface NeverFits {
  readonly problem: string;
}

/** A graph of more groups is counted as if all were there at once. */
const GROUPS_COUNTED = 200;

/**
 * What a job takes of a deployment. Groups that wait for each other are not there at once, so it is the most that any of
 * its moments takes. A parallelism is a wish: where the groups of one moment are too many for the limits together, each is
 * given a part, half of the limits, a third, and so on. What does not fit even so is refused.
 */
export function jobDemand(
  job: Pick<JobHead, 'spec' | 'cpuGiven' | 'memoryGiven' | 'project'>,
  capacity: Capacity,
  limits: UseLimits,
): JobDemand | NeverFits {
  const most = lower(limits.deployment, projectLimits(limits, job.project));
  const before = groupsBefore(job);
  let smallest: Amounts | undefined;
  for (let parts = 1; parts <= Math.max(1, before.length); parts += 1) {
    const groups = demandOf(job, partOf(capacity, most, parts));
    const amounts = atOnce(groups, before, capacity, most);
    if (tooLittle(amounts, most) === undefined) return { amounts, groups: groups.map(share) };
    if (smallest === undefined || amounts.nodes < smallest.nodes) smallest = amounts;
  }
  return { problem: neverText(smallest, most) };
}

/** A deployment as one group may use it. */
export function capacityOfGroup(capacity: Capacity, demand: JobDemand | undefined, order: number): Capacity {
  const given = demand?.groups[order];
  if (given === undefined) return capacity;
  return bounded(capacity, { nodes: given.nodes, cpuMilli: given.cpuMilli });
}

const share = ({ nodes, vcpu }: GroupDemand) => ({ nodes, cpuMilli: Math.round(vcpu * 1000) });

function partOf(capacity: Capacity, { nodes, cpuMilli }: Limits, parts: number): Capacity {
  const part = (amount: number) => Math.max(1, Math.floor(amount / parts));
  return bounded(capacity, {
    nodes: part(nodes ?? capacity.maxNodes),
    ...(cpuMilli === undefined ? {} : { cpuMilli: part(cpuMilli) }),
  });
}

function bounded(capacity: Capacity, { nodes, cpuMilli }: Limits): Capacity {
  const maxNodes = Math.min(capacity.maxNodes, nodes ?? Number.POSITIVE_INFINITY);
  if (cpuMilli === undefined) return { ...capacity, maxNodes };
  if (!('nodeCores' in capacity))
    return { ...capacity, maxNodes, maxVcpu: Math.min(capacity.maxVcpu, cpuMilli / 1000) };
  // On one machine the tasks share its cores, however many nodes there are.
  if (capacity.sharedCores !== undefined) return { ...capacity, maxNodes };
  const fitting = Math.floor(cpuMilli / (capacity.nodeCores * 1000));
  return { ...capacity, maxNodes: Math.max(1, Math.min(maxNodes, fitting)) };
}

function atOnce(
  groups: readonly GroupDemand[],
  before: readonly (readonly number[])[],
  capacity: Capacity,
  most: Limits,
): Amounts {
  const largest = (of: (group: GroupDemand) => number) => {
    const weights = groups.map(of);
    return groups.length > GROUPS_COUNTED
      ? weights.reduce((sum, weight) => sum + weight, 0)
      : mostAtOnce(weights, before);
  };
  const cpuMilli = largest(({ vcpu }) => Math.round(vcpu * 1000));
  const isShared = 'nodeCores' in capacity && capacity.sharedCores !== undefined;
  return {
    jobs: 1,
    nodes: largest(({ nodes }) => nodes),
    // Of the cores of one machine a job gets all that there are, and its tasks share them.
    cpuMilli: isShared ? Math.min(cpuMilli, most.cpuMilli ?? cpuMilli) : cpuMilli,
  };
}

/** For each group the ones that it waits for. */
function groupsBefore({ spec }: Pick<JobHead, 'spec'>): number[][] {
  return (spec.taskGroups ?? []).map(({ dependsOn }) =>
    Object.keys(dependsOn ?? {}).map((id) => Number(id.slice('group'.length))),
  );
}

function neverText(wants: Amounts | undefined, most: Limits): string {
  const of = (wants === undefined ? undefined : tooLittle(wants, most)) ?? 'nodes';
  const limit = shown(of, most[of] ?? 0);
  return `needs at least ${shown(of, wants?.[of] ?? 0)} ${nameOf(of)} at once, and may have ${limit}`;
}
