import { SFNClient } from '@aws-sdk/client-sfn';
import type { Clock } from '../ports/clock.ts';
import type { Store } from '../ports/store.ts';
import type { Workflow } from '../ports/workflow.ts';
import type { StageWaitPorts } from './stage-wait.ts';
import { stepFunctionsWorkflow, taskAnswerer } from './step-functions-workflow.ts';

/** The workflow of a deployment. */
export function openWorkflow(ports: { store: Store; clock: Clock; stateMachineArn: string }): Workflow {
  return stepFunctionsWorkflow({ ...ports, client: new SFNClient() });
}

/** What answers task tokens in a deployment. */
export function openTaskAnswers(): StageWaitPorts['answer'] {
  return taskAnswerer(new SFNClient());
}
