import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { RegularFunction } from '../../functions/lambda/environment.ts';
import type { JobTable } from './job-table.ts';
import { type NodeCluster, nodeLogName, pullRights } from './node-cluster.ts';
import { runJobArn } from './run-job.ts';

/** Functions that write nothing. */
const READERS = ['publish-events'];

/** Who of the functions may do what, beside the writing of one's own log. */
export function grantFunctions(
  scope: Construct,
  functions: Readonly<Record<RegularFunction, LambdaFunction>>,
  jobTable: JobTable,
  cluster: NodeCluster,
): void {
  for (const [name, to] of Object.entries(functions)) {
    if (READERS.includes(name)) jobTable.grantRead(to);
    else jobTable.grantCommit(to);
  }
  const machine = runJobArn(scope);
  const executions = `${machine.replace(':stateMachine:', ':execution:')}:*`;
  const allow = (names: readonly RegularFunction[], actions: readonly string[], resource: string) => {
    for (const name of names)
      functions[name].addToRolePolicy(new PolicyStatement({ actions: [...actions], resources: [resource] }));
  };
  allow(['advance-jobs', 'sweep-jobs'], ['states:StartExecution'], machine);
  allow(['advance-jobs', 'sweep-jobs'], ['states:DescribeExecution'], executions);
  // Whoever has a task token may answer it: AWS knows no resource for that.
  allow(['advance-jobs', 'sweep-jobs', 'give-up-job', 'wait-for-stage'], ['states:SendTaskSuccess'], '*');
  const nodeLog = Stack.of(scope).formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: `${nodeLogName(scope)}:*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  allow(['jobs-api'], ['logs:FilterLogEvents', 'logs:GetLogEvents'], nodeLog);
  allow(['finish-job', 'give-up-job'], ['logs:DeleteLogStream'], nodeLog);
  allow(['sweep-jobs', 'give-up-job'], ['ecs:StopTask'], cluster.taskArns);
  allow(['plan-job'], ['ecs:RegisterTaskDefinition'], cluster.taskDefinitionArns);
  functions['plan-job'].addToRolePolicy(cluster.passRight);
  // It reads what an image runs from where nodes pull it.
  for (const statement of pullRights(Stack.of(scope))) functions['plan-job'].addToRolePolicy(statement);
  // AWS knows no resources for these two.
  allow(['plan-job'], ['ecs:DescribeTaskDefinition'], '*');
  allow(['sweep-jobs'], ['ecs:DeregisterTaskDefinition'], '*');
}
