import { catchAll, type States } from './asl.ts';
import { callFunction, type RunResources } from './resources.ts';
import { functionRetries } from './retries.ts';
import { seatStates } from './seat-states.ts';
import { stageStates, stageWait } from './stage-states.ts';

/** Groups wait for each other, so all that a job may have go side by side; an inline map has forty. */
export const GROUPS_AT_ONCE = 40;
/** Nodes that a job may have at once. */
export const SEATS_AT_ONCE = 5_000;
const RUN_SECONDS = 16 * 24 * 3600;

/** A job from its plan to its end: `Plan → for each group (turn → Nodes beside Stages) → Finish`. */
export function runJob(resources: RunResources): States & { Comment: string; TimeoutSeconds: number } {
  const call = callFunction.bind(undefined, resources);
  return {
    Comment: 'Runs one job of Sluice. Its state carries ids and numbers; bodies stay in the table.',
    TimeoutSeconds: RUN_SECONDS,
    StartAt: 'Plan',
    States: {
      Plan: {
        ...call('plan-job', { 'jobUid.$': '$.jobUid' }),
        TimeoutSeconds: 930,
        ResultSelector: { 'groups.$': '$.Payload.groups' },
        ResultPath: '$.plan',
        Retry: functionRetries,
        Catch: catchAll('GiveUp'),
        Next: 'Groups',
      },
      Groups: {
        Type: 'Map',
        ItemsPath: '$.plan.groups',
        MaxConcurrency: GROUPS_AT_ONCE,
        ItemSelector: { 'jobUid.$': '$.jobUid', 'groupId.$': '$$.Map.Item.Value' },
        ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, ...groupStates(resources) },
        ResultPath: null,
        Catch: catchAll('GiveUp'),
        Next: 'Finish',
      },
      Finish: {
        ...call('finish-job', { 'jobUid.$': '$.jobUid' }),
        TimeoutSeconds: 930,
        ResultPath: null,
        Retry: functionRetries,
        Catch: catchAll('GiveUp'),
        Next: 'Finished',
      },
      Finished: { Type: 'Succeed' },
      GiveUp: {
        ...call('give-up-job', { 'execution.$': '$.jobUid', 'failure.$': '$.failure' }),
        TimeoutSeconds: 930,
        ResultPath: null,
        Retry: functionRetries,
        Catch: [{ ErrorEquals: ['States.ALL'], ResultPath: null, Next: 'RunFailed' }],
        Next: 'RunFailed',
      },
      RunFailed: {
        Type: 'Fail',
        ErrorPath: '$.failure.Error',
        Cause: 'the run broke off, and its job has been given up; the history says at which state',
      },
    },
  };
}

/** One group: once it has its turn, its nodes run beside the wait for its stages. */
function groupStates(resources: RunResources): States {
  const call = callFunction.bind(undefined, resources);
  return {
    StartAt: 'WaitForTurn',
    States: {
      WaitForTurn: {
        ...stageWait(resources, { stage: 0 }),
        Catch: catchAll('GroupFailed'),
        Next: 'ListSeats',
      },
      ListSeats: {
        ...call('list-seats', { 'jobUid.$': '$.jobUid', 'groupId.$': '$.groupId' }),
        TimeoutSeconds: 90,
        ResultSelector: {
          'seats.$': '$.Payload.seats',
          'capacityProvider.$': '$.Payload.capacityProvider',
        },
        ResultPath: '$.nodes',
        Retry: functionRetries,
        Catch: catchAll('GroupFailed'),
        Next: 'RunGroup',
      },
      RunGroup: {
        Type: 'Parallel',
        Branches: [{ StartAt: 'Nodes', States: { Nodes: nodes(resources) } }, stageStates(resources)],
        ResultSelector: {},
        Catch: catchAll('GroupFailed'),
        Next: 'GroupDone',
      },
      GroupDone: { Type: 'Succeed' },
      GroupFailed: {
        Type: 'Fail',
        ErrorPath: '$.failure.Error',
        Cause: 'a task group could not be run; the history says at which state',
      },
    },
  };
}

/** All seats of the group, each an execution of its own, with a history of its own. */
function nodes(resources: RunResources) {
  return {
    Type: 'Map',
    Label: 'Nodes',
    ItemsPath: '$.nodes.seats',
    MaxConcurrency: SEATS_AT_ONCE,
    ItemSelector: {
      'jobUid.$': '$.jobUid',
      'groupId.$': '$.groupId',
      // Whose launch rate the seats wait for.
      'capacityProvider.$': '$.nodes.capacityProvider',
      'seat.$': '$$.Map.Item.Value[0]',
      'startAfter.$': '$$.Map.Item.Value[1]',
    },
    ItemProcessor: {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      ...seatStates(resources),
    },
    ResultSelector: {},
    End: true,
  } as const;
}
