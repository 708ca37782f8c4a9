import { describe, expect, it } from 'vitest';
import type { CapacityProvider } from '../core/fargate/node-launch.ts';
import { classifyNodeEnd, type NodeEnd } from './ecs-launch-failure.ts';

interface Known {
  readonly name: string;
  readonly error: string;
  readonly cause: string;
  readonly provider?: CapacityProvider;
  readonly kind: NodeEnd['kind'];
}

const stopped = (StopCode: string, StoppedReason: string) => JSON.stringify({ StopCode, StoppedReason });

describe('classifyNodeEnd', () => {
  it.each<Known>([
    {
      name: 'throttling by its name',
      error: 'ECS.ThrottlingException',
      cause: 'Rate exceeded',
      kind: 'THROTTLED',
    },
    {
      name: "EC2's throttling in ECS's clothes",
      error: 'ECS.InvalidParameterException',
      cause: 'Error retrieving subnet information for [subnet-1]: Rate exceeded (ErrorCode: Throttling)',
      kind: 'THROTTLED',
    },
    {
      name: 'a quota of tasks',
      error: 'ECS.AmazonECSException',
      cause:
        "You've reached the limit on the number of tasks you can run concurrently: concurrent tasks limit",
      kind: 'THROTTLED',
    },
    {
      name: 'a quota of vCPUs',
      error: 'ECS.AmazonECSException',
      cause: "You've reached the limit on the number of vCPUs you can run concurrently",
      kind: 'THROTTLED',
    },
    {
      name: "EC2's limit of requests, in a task that never started",
      error: 'States.TaskFailed',
      cause: stopped(
        'TaskFailedToStart',
        'Unexpected EC2 error while attempting to Create Network Interface: RequestLimitExceeded',
      ),
      kind: 'THROTTLED',
    },
    {
      name: 'too many at once',
      error: 'ECS.ClientException',
      cause: 'Too many concurrent attempts to create a new revision of the specified family.',
      kind: 'THROTTLED',
    },
    {
      name: 'a subnet that is full',
      error: 'ECS.InvalidParameterException',
      cause: 'subnet-1 has insufficient free addresses (InsufficientFreeAddressesInSubnet)',
      kind: 'NO_CAPACITY',
    },
    {
      name: 'a service that is not there for the moment',
      error: 'ECS.ServiceUnavailableException',
      cause: '',
      kind: 'NO_CAPACITY',
    },
    {
      name: 'no capacity',
      error: 'ECS.AmazonECSException',
      cause: 'Capacity is unavailable at this time. Please try again later',
      kind: 'NO_CAPACITY',
    },
    {
      name: 'no capacity as a failure of the answer',
      error: 'AmazonECS.Unknown',
      cause: '[{"Reason":"RESOURCE:CPU"}]',
      kind: 'NO_CAPACITY',
    },
    {
      name: 'a preemption',
      error: 'States.TaskFailed',
      cause: stopped('SpotInterruption', 'Your Spot Task was interrupted.'),
      provider: 'FARGATE_SPOT',
      kind: 'PREEMPTED',
    },
    {
      name: 'a preemption, by the other name that ECS has for the notice',
      error: 'States.TaskFailed',
      cause: stopped('TerminationNotice', ''),
      provider: 'FARGATE_SPOT',
      kind: 'PREEMPTED',
    },
    {
      name: 'maintenance below a node that is not Spot',
      error: 'States.TaskFailed',
      cause: stopped('TerminationNotice', 'Task stopped for maintenance'),
      kind: 'MOVED',
    },
    {
      name: 'a node that was stopped for its silence',
      error: 'States.TaskFailed',
      cause: stopped('UserInitiated', 'it has not reported for 400 s'),
      kind: 'ENDED',
    },
    {
      name: 'an image that is not there',
      error: 'States.TaskFailed',
      cause: stopped('TaskFailedToStart', 'CannotPullContainerError: not found'),
      kind: 'NOT_STARTED',
    },
    {
      name: 'an image that may not be pulled',
      error: 'States.TaskFailed',
      cause: stopped(
        'TaskFailedToStart',
        'CannotPullContainerError: pull access denied, repository does not exist or may require authorization: server message: insufficient_scope: authorization failed',
      ),
      kind: 'NOT_STARTED',
    },
    {
      name: 'a mistake in the network',
      error: 'ECS.InvalidParameterException',
      cause: 'The subnet ID does not exist',
      kind: 'NOT_STARTED',
    },
    {
      name: 'an agent that ended',
      error: 'States.TaskFailed',
      cause: stopped('EssentialContainerExited', 'Essential container in task exited'),
      kind: 'ENDED',
    },
    { name: 'a timeout without a cause', error: 'States.Timeout', cause: '', kind: 'ENDED' },
  ])('knows $name', ({ error, cause, kind, provider = 'FARGATE' }) => {
    expect(classifyNodeEnd({ error, cause }, provider).kind).toBe(kind);
  });

  it.each<[provider: CapacityProvider, stopCode: string, exit: string]>([
    ['FARGATE_SPOT', 'SpotInterruption', 'PREEMPTED'],
    ['FARGATE_SPOT', 'TerminationNotice', 'PREEMPTED'],
    ['FARGATE_SPOT', 'UserInitiated', 'SILENT'],
    ['FARGATE', 'TerminationNotice', 'RECREATED'],
    ['FARGATE', 'UserInitiated', 'SILENT'],
    ['FARGATE', 'EssentialContainerExited', 'SILENT'],
  ])('says of a node of %s that is stopped by %s: %s', (provider, stopCode, exit) => {
    const failure = { error: 'States.TaskFailed', cause: stopped(stopCode, '') };
    expect(classifyNodeEnd(failure, provider)).toMatchObject({ exit, counts: true });
  });

  it("counts what AWS refuses as nobody's loss, and all else as one", () => {
    expect(classifyNodeEnd({ error: 'ECS.ThrottlingException', cause: '' }, 'FARGATE').counts).toBe(false);
    expect(
      classifyNodeEnd({ error: 'States.TaskFailed', cause: stopped('SpotInterruption', '') }, 'FARGATE_SPOT'),
    ).toMatchObject({ counts: true, exit: 'PREEMPTED' });
    expect(classifyNodeEnd(undefined, 'FARGATE')).toMatchObject({ kind: 'ENDED', counts: true });
  });

  it('says what ECS said, and no more of it than fits a line', () => {
    expect(
      classifyNodeEnd({ error: 'States.TaskFailed', cause: stopped('X', 'OutOfMemoryError') }, 'FARGATE')
        .words,
    ).toBe('ended too early (OutOfMemoryError)');
    expect(
      classifyNodeEnd({ error: 'ECS.ClientException', cause: 'y'.repeat(5000) }, 'FARGATE').words.length,
    ).toBeLessThan(400);
  });
});
