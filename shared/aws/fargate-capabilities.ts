import type { Job } from '../contract/job.ts';
import { containerProblems, volumeProblems } from '../core/container/job-containers.ts';
import { closedRefusals } from '../core/fargate/closed-network.ts';
import { siblingRefusals } from '../core/fargate/sibling-refusals.ts';
import { barriersOf } from '../core/group/group-record.ts';
import { groupRefusals, type Refusal, refusalsOf, refuse } from '../core/job-refusals.ts';
import {
  type AskedJob,
  closedNotes,
  labelNotes,
  mootNodeFields,
  type NodeOffer,
  nodeRefusals,
  processorNotes,
} from './fargate-node-refusals.ts';

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
      const ofContainers = refusalsOf([...containerProblems(job), ...volumeProblems(job)]);
      refuse([...ofContainers, ...refusals(job, offer), ...nodeRefusals(job, asked, offer)]);
    },
    capabilityNotes: (job: Job): string[] => {
      const moot = [...mootNodeFields(job)].join(', ');
      const note = `These fields have no effect on Fargate, where this deployment's nodes are: ${moot}.`;
      return [
        ...(moot === '' ? [] : [note]),
        ...processorNotes(job),
        ...closedNotes(job),
        ...labelNotes(job),
      ];
    },
  };
}

function* refusals(job: Job, { region, registryMirrors }: NodeOffer): Generator<Refusal> {
  const groups = job.taskGroups ?? [];
  if (groups.length > GROUPS_AT_MOST)
    yield ['taskGroups', `at most ${GROUPS_AT_MOST}; given: ${groups.length}`];
  const stages = groups.reduce((sum, group) => sum + 1 + barriersOf(group).length, 0);
  if (stages > STAGES_AT_MOST)
    yield ['taskGroups', `at most ${STAGES_AT_MOST} stages in all groups; given: ${stages}`];
  for (const [order, group] of groups.entries()) {
    yield* siblingRefusals(group, `taskGroups[${order}]`);
    yield* closedRefusals(group, `taskGroups[${order}]`, region.closed, registryMirrors);
    yield* groupRefusals(group, `taskGroups[${order}]`);
  }
}
