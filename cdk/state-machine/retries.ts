import type { Retrier } from './asl.ts';

const jitter = { BackoffRate: 2, JitterStrategy: 'FULL' } as const;

/** An event of another form stays one, however often it is tried; so does an image that is not there. */
const never: Retrier = {
  ErrorEquals: ['PayloadError', 'ImageError'],
  IntervalSeconds: 1,
  MaxAttempts: 0,
  MaxDelaySeconds: 2,
  ...jitter,
};

/** Lambda's own troubles, throttling among them: they pass. */
const lambdaTroubles: Retrier = {
  ErrorEquals: [
    'Lambda.ServiceException',
    'Lambda.AWSLambdaException',
    'Lambda.SdkClientException',
    'Lambda.ClientExecutionTimeoutException',
    'Lambda.TooManyRequestsException',
    'Lambda.Unknown',
  ],
  IntervalSeconds: 1,
  MaxAttempts: 10,
  MaxDelaySeconds: 60,
  ...jitter,
};

/** What a function threw. All of them may be called again. */
const functionErrors: Retrier = {
  ErrorEquals: ['States.ALL'],
  IntervalSeconds: 2,
  MaxAttempts: 5,
  MaxDelaySeconds: 30,
  ...jitter,
};

export const functionRetries: readonly Retrier[] = [never, lambdaTroubles, functionErrors];

/**
 * Throttling and the lack of capacity, under every name that they come by: ECS wraps EC2's throttling in
 * InvalidParameterException, and what its answer says of failures comes as AmazonECSException or Unknown. A turn gives
 * up after some minutes; then the seat is looked at again, so that a job that was cancelled does not wait for capacity.
 */
export const launchRetries: readonly Retrier[] = [
  {
    ErrorEquals: [
      'ECS.ThrottlingException',
      'ECS.AmazonECSException',
      'AmazonECS.Unknown',
      'ECS.LimitExceededException',
      'ECS.ServerException',
      'ECS.ServiceUnavailableException',
      'ECS.InternalServerError',
      'ECS.SdkClientException',
    ],
    IntervalSeconds: 5,
    MaxAttempts: 12,
    MaxDelaySeconds: 90,
    ...jitter,
  },
  {
    // Under these names come mistakes too, which do not pass.
    ErrorEquals: ['ECS.InvalidParameterException', 'ECS.ClientException'],
    IntervalSeconds: 5,
    MaxAttempts: 6,
    MaxDelaySeconds: 90,
    ...jitter,
  },
];
