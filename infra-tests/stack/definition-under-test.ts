import { type RunResources, runFunctions } from '../../cdk/state-machine/resources.ts';
import { runJob } from '../../cdk/state-machine/run-job.ts';

/** Resources with names that tell what they are. */
export const resources: RunResources = {
  partition: 'aws',
  functionArns: Object.fromEntries(
    runFunctions.map((name) => [name, `arn:aws:lambda:region:000000000000:function:${name}`]),
  ) as RunResources['functionArns'],
  cluster: 'arn:aws:ecs:region:000000000000:cluster/nodes',
  containerName: 'agent',
};

export const definition = runJob(resources);
