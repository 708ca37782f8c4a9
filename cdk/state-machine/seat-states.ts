import { catchAll, type States } from './asl.ts';
import { callFunction, type RunResources } from './resources.ts';
import { functionRetries, launchRetries } from './retries.ts';

/** A job runs for two weeks at most; its nodes a little longer than that. */
const NODE_SECONDS = 15 * 24 * 3600;
const SEAT = {
  'jobUid.$': '$.jobUid',
  'groupId.$': '$.groupId',
  'seat.$': '$.seat',
  'capacityProvider.$': '$.capacityProvider',
};
const CLOSED_SEAT = { ...SEAT, 'epoch.$': '$.node.epoch' };

/**
 * One seat's turn, an execution of its own: a node at a time until nothing is left for one. Each way round runs a node or
 * waits, and `open-seat` bounds how often the way is gone.
 */
export function seatStates(resources: RunResources): States {
  const call = callFunction.bind(undefined, resources);
  const closed = {
    ResultSelector: { 'again.$': '$.Payload.again', 'pauseSeconds.$': '$.Payload.pauseSeconds' },
  };
  return {
    StartAt: 'AwaitStart',
    States: {
      AwaitStart: { Type: 'Wait', SecondsPath: '$.startAfter', Next: 'OpenSeat' },
      OpenSeat: {
        ...call('open-seat', SEAT),
        TimeoutSeconds: 330,
        ResultSelector: { 'node.$': '$.Payload' },
        ResultPath: '$.opened',
        Retry: functionRetries,
        Catch: catchAll('SeatFailed'),
        Next: 'WantsNode',
      },
      WantsNode: {
        Type: 'Choice',
        Choices: [
          { Variable: '$.opened.node.launch', BooleanEquals: true, Next: 'TakeNode' },
          { Variable: '$.opened.node.later', BooleanEquals: true, Next: 'AwaitTurn' },
        ],
        Default: 'SeatDone',
      },
      // Others that came meanwhile have put its turn off.
      AwaitTurn: { Type: 'Wait', SecondsPath: '$.opened.node.waitSeconds', Next: 'OpenSeat' },
      TakeNode: { Type: 'Pass', InputPath: '$.opened.node', ResultPath: '$.node', Next: 'RunNode' },
      RunNode: {
        Type: 'Task',
        Resource: `arn:${resources.partition}:states:::ecs:runTask.sync`,
        Parameters: launchParameters(resources),
        TimeoutSeconds: NODE_SECONDS,
        ResultPath: null,
        Retry: launchRetries,
        Catch: catchAll('CloseLostSeat'),
        Next: 'CloseSeat',
      },
      CloseSeat: {
        ...call('close-seat', CLOSED_SEAT),
        ...closed,
        TimeoutSeconds: 330,
        ResultPath: '$.closed',
        Retry: functionRetries,
        Catch: catchAll('SeatFailed'),
        Next: 'WantsAnotherNode',
      },
      CloseLostSeat: {
        ...call('close-seat', { ...CLOSED_SEAT, 'failure.$': '$.failure' }),
        ...closed,
        TimeoutSeconds: 330,
        ResultPath: '$.closed',
        Retry: functionRetries,
        Catch: catchAll('SeatFailed'),
        Next: 'WantsAnotherNode',
      },
      WantsAnotherNode: {
        Type: 'Choice',
        Choices: [{ Variable: '$.closed.again', BooleanEquals: true, Next: 'AwaitNextNode' }],
        Default: 'SeatDone',
      },
      AwaitNextNode: { Type: 'Wait', SecondsPath: '$.closed.pauseSeconds', Next: 'OpenSeat' },
      SeatDone: { Type: 'Pass', Result: {}, End: true },
      SeatFailed: { Type: 'Fail', Error: 'SeatFailed', Cause: 'a function of this seat failed for good' },
    },
  };
}

/**
 * What a node is and where it runs comes from its group's plan, and is fixed from then on: a run outlives a deployment.
 * The claim is all that a node is started with: it fetches its agent and its configuration with it.
 */
function launchParameters({ cluster, containerName }: RunResources) {
  return {
    Cluster: cluster,
    'TaskDefinition.$': '$.node.run.taskDefinition',
    CapacityProviderStrategy: [{ 'CapacityProvider.$': '$.node.run.capacityProvider', Weight: 1 }],
    NetworkConfiguration: {
      AwsvpcConfiguration: {
        'Subnets.$': '$.node.run.subnets',
        'SecurityGroups.$': '$.node.run.securityGroups',
        'AssignPublicIp.$': '$.node.run.assignPublicIp',
      },
    },
    'Tags.$': '$.node.run.tags',
    Overrides: {
      ContainerOverrides: [
        { Name: containerName, Environment: [{ Name: 'SLUICE_CLAIM', 'Value.$': '$.node.claim' }] },
      ],
    },
  };
}
