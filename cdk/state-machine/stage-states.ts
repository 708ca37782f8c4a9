import { catchAll, type States } from './asl.ts';
import { callFunction, type RunResources } from './resources.ts';
import { functionRetries } from './retries.ts';

/** Longer than any job runs. */
export const WAIT_SECONDS = 15 * 24 * 3600;

/** What waits for a stage: its token is answered when the stage has ended. */
export function stageWait(resources: RunResources, stage: object) {
  const payload = {
    'jobUid.$': '$.jobUid',
    'groupId.$': '$.groupId',
    ...stage,
    'token.$': '$$.Task.Token',
  };
  return {
    ...callFunction(resources, 'wait-for-stage', payload, '.waitForTaskToken'),
    TimeoutSeconds: WAIT_SECONDS,
    ResultPath: '$.at',
    Retry: functionRetries,
  };
}

/**
 * The stages of a group, one after the other: a barrier is where one wait ends and the next begins. Each way round waits
 * for a token that comes once a stage.
 */
export function stageStates(resources: RunResources): States {
  return {
    StartAt: 'HasStage',
    States: {
      HasStage: {
        Type: 'Choice',
        Choices: [{ Variable: '$.at.more', BooleanEquals: true, Next: 'WaitForStage' }],
        Default: 'StagesDone',
      },
      WaitForStage: {
        ...stageWait(resources, { 'stage.$': '$.at.stage' }),
        Catch: catchAll('StagesFailed'),
        Next: 'HasStage',
      },
      StagesDone: { Type: 'Pass', Result: {}, End: true },
      StagesFailed: { Type: 'Fail', Error: 'StagesFailed', Cause: 'the wait for a stage failed for good' },
    },
  };
}
