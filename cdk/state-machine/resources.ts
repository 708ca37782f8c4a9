import type { FunctionName } from '../../functions/lambda/environment.ts';

/** Functions that `run-job` calls. */
export const runFunctions = [
  'plan-job',
  'list-seats',
  'open-seat',
  'close-seat',
  'wait-for-stage',
  'finish-job',
  'give-up-job',
] as const satisfies readonly FunctionName[];
export type RunFunction = (typeof runFunctions)[number];

/** What the state machine's definition names, as ARNs, names and ids. */
export interface RunResources {
  readonly partition: string;
  readonly functionArns: Readonly<Record<RunFunction, string>>;
  readonly cluster: string;
  /** The container that is given the claim. */
  readonly containerName: string;
}

/** A task state that calls a function. */
export function callFunction(resources: RunResources, name: RunFunction, payload: object, how = '') {
  return {
    Type: 'Task',
    Resource: `arn:${resources.partition}:states:::lambda:invoke${how}`,
    Parameters: { FunctionName: resources.functionArns[name], Payload: payload },
  } as const;
}
