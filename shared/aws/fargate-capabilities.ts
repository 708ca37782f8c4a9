import { ApiError, invalidArgument, unimplemented } from '../contract/error.ts';
import type { Job } from '../contract/job.ts';
import type { TaskGroup } from '../contract/task-group.ts';
import { containerProblems, volumeProblems } from '../core/container/job-containers.ts';
import { siblingRefusals } from '../core/fargate/sibling-refusals.ts';
import {
  type AskedJob,
  labelNotes,
  mootNodeFields,
  type NodeOffer,
  nodeRefusals,
} from './fargate-node-refusals.ts';

/** A field that was given, and what Fargate nodes make of it. */
type Finding = readonly [field: string, why: string];

/**
 * What the state machine's picture of a job bounds: groups that wait for each other go side by side, at most forty, and
 * each stage of each group takes eight lines of the execution's history, which has 25,000.
 */
export const GROUPS_AT_MOST = 40;
export const STAGES_AT_MOST = 2_000;

/** What the API asks of a deployment on Fargate about a job that is to be created. */
export function fargateCapabilities(offer: NodeOffer) {
  return {
    /**
     * Throws UNIMPLEMENTED for what nodes on Fargate cannot honour, all fields named at once, and INVALID_ARGUMENT for what
     * nobody could make sense of.
     */
    checkCapabilities(job: Job, asked: AskedJob): void {
      const problems = [...containerProblems(job), ...volumeProblems(job)];
      const invalid = problems.filter(({ kind }) => kind === 'INVALID');
      if (invalid.length > 0)
        throw invalidArgument(invalid.map(({ field, why }) => ({ field, description: why })));
      const unsupported = problems.map(({ field, why }): Finding => [field, why]);
      const found = [...unsupported, ...refusals(job), ...nodeRefusals(job, asked, offer)];
      const violations = found.map(([field, description]) => ({ field, description }));
      const first = violations[0];
      if (first === undefined) return;
      const { message } = unimplemented(first.field, first.description);
      throw new ApiError('UNIMPLEMENTED', message, { violations });
    },
    capabilityNotes: (job: Job): string[] => {
      const moot = [...mootNodeFields(job)].join(', ');
      const note = `These fields have no effect on Fargate, where this deployment's nodes are: ${moot}.`;
      return [...(moot === '' ? [] : [note]), ...labelNotes(job)];
    },
  };
}

function* refusals(job: Job): Generator<Finding> {
  const groups = job.taskGroups ?? [];
  if (groups.length > GROUPS_AT_MOST)
    yield ['taskGroups', `at most ${GROUPS_AT_MOST}; given: ${groups.length}`];
  const stages = groups.reduce((sum, group) => sum + 1 + barriersOf(group), 0);
  if (stages > STAGES_AT_MOST)
    yield ['taskGroups', `at most ${STAGES_AT_MOST} stages in all groups; given: ${stages}`];
  for (const [order, group] of groups.entries()) yield* groupRefusals(group, `taskGroups[${order}]`);
}

function* groupRefusals(group: TaskGroup, path: string): Generator<Finding> {
  yield* siblingRefusals(group, path);
  if (group.requireHostsFile) yield [`${path}.requireHostsFile`, 'no hosts file is written yet'];
  if (group.permissiveSsh) yield [`${path}.permissiveSsh`, 'there is no SSH between nodes here'];
  if (group.runAsNonRoot) yield [`${path}.runAsNonRoot`, 'runnables run as root of their node for now'];
  if (given(group.allocationPolicy)) yield [`${path}.allocationPolicy`, "use the job's allocationPolicy"];
}

function barriersOf(group: TaskGroup): number {
  return (group.taskSpec?.runnables ?? []).filter(({ barrier }) => barrier !== undefined).length;
}

/** Whether a field holds anything: empty lists and messages are the same as absent in proto3. */
function given(value: object | undefined): boolean {
  if (value === undefined) return false;
  return Array.isArray(value) ? value.length > 0 : Object.values(value).some((part) => part !== undefined);
}
