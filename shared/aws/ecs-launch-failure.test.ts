import { describe, expect, it } from 'vitest';
import { classifyNodeEnd } from './ecs-launch-failure.ts';

const stopped = (StopCode: string, StoppedReason: string) => JSON.stringify({ StopCode, StoppedReason });

describe('classifyNodeEnd', () => {
  it.each([
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
      kind: 'PREEMPTED',
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
  ])('knows $name', ({ error, cause, kind }) => {
    expect(classifyNodeEnd({ error, cause }).kind).toBe(kind);
  });

  it("counts what AWS refuses as nobody's loss, and all else as one", () => {
    expect(classifyNodeEnd({ error: 'ECS.ThrottlingException', cause: '' }).counts).toBe(false);
    expect(
      classifyNodeEnd({ error: 'States.TaskFailed', cause: stopped('SpotInterruption', '') }),
    ).toMatchObject({ counts: true, exit: 'PREEMPTED' });
    expect(classifyNodeEnd(undefined)).toMatchObject({ kind: 'ENDED', counts: true });
  });

  it('says what ECS said, and no more of it than fits a line', () => {
    expect(
      classifyNodeEnd({ error: 'States.TaskFailed', cause: stopped('X', 'OutOfMemoryError') }).words,
    ).toBe('ended too early (OutOfMemoryError)');
    expect(
      classifyNodeEnd({ error: 'ECS.ClientException', cause: 'y'.repeat(5000) }).words.length,
    ).toBeLessThan(400);
  });
});
