import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  InvalidToken,
  SendTaskSuccessCommand,
  type SFNClient,
  StartExecutionCommand,
  TaskDoesNotExist,
  TaskTimedOut,
} from '@aws-sdk/client-sfn';
import type { JobHead } from '../core/job/job-record.ts';
import { isFinished } from '../core/job/job-states.ts';
import { jobKey } from '../core/keys.ts';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import type { Workflow } from '../ports/workflow.ts';
import { answerStage, type StageNow } from './stage-wait.ts';

export interface StepFunctionsOptions {
  readonly client: Pick<SFNClient, 'send'>;
  readonly stateMachineArn: string;
  readonly store: Store;
  readonly clock: Clock;
}

/**
 * Executions that one job can have. The first carries the job's uid as its name; one more is needed to clear away a job
 * that is deleted after its end, and for a job whose execution was ended from outside.
 */
const EXECUTIONS_AT_MOST = 9;

/** The names of a job's executions, in their order. */
function executionNames(jobUid: string): string[] {
  return Array.from({ length: EXECUTIONS_AT_MOST }, (_, at) => (at === 0 ? jobUid : `${jobUid}.${at + 1}`));
}

/** Runs jobs in the state machine `run-job`. */
export function stepFunctionsWorkflow(options: StepFunctionsOptions): Workflow {
  const ports = { ...options, answer: taskAnswerer(options.client) };
  return {
    start: (jobUid) => startRun(options, jobUid),
    stageEnded: (jobUid, groupId) => answerStage(ports, jobUid, groupId),
    groupReady: (jobUid, groupId) => answerStage(ports, jobUid, groupId),
    groupEnded: (jobUid, groupId) => answerStage(ports, jobUid, groupId),
  };
}

/** Answers a task token; one that nobody waits with any more is no error. */
export function taskAnswerer(client: Pick<SFNClient, 'send'>) {
  return async (taskToken: string, output: StageNow): Promise<void> => {
    try {
      await client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(output) }));
    } catch (error) {
      const isGone = [TaskDoesNotExist, TaskTimedOut, InvalidToken].some((gone) => error instanceof gone);
      if (!isGone) throw error;
    }
  };
}

/** A name can be used once in ninety days, so the first name that is new, or whose execution is under way, is the one. */
async function startRun(options: StepFunctionsOptions, jobUid: string): Promise<void> {
  for (const name of executionNames(jobUid)) {
    if (await isUnderWay(options, jobUid, name)) return;
    const job = await options.store.get<JobHead>(jobKey(jobUid));
    if (job === undefined || isFinished(job.body.state)) return;
  }
  throw new Error(`job ${jobUid} has had ${EXECUTIONS_AT_MOST} executions and none of them has ended it`);
}

async function isUnderWay(options: StepFunctionsOptions, jobUid: string, name: string): Promise<boolean> {
  const { client, stateMachineArn } = options;
  try {
    const input = JSON.stringify({ jobUid });
    await client.send(new StartExecutionCommand({ stateMachineArn, name, input }));
    return true;
  } catch (error) {
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
    const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    const { status } = await client.send(new DescribeExecutionCommand({ executionArn }));
    return status === 'RUNNING';
  }
}
