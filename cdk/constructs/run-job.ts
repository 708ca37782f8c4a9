import { ArnFormat, Aws, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { DefinitionBody, LogLevel, StateMachine, StateMachineType } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { AGENT_CONTAINER } from '../../shared/aws/task-definition.ts';
import { type RunFunction, runFunctions } from '../state-machine/resources.ts';
import { runJob } from '../state-machine/run-job.ts';
import { deploymentName } from './deployment-name.ts';
import type { NodeCluster } from './node-cluster.ts';

export interface RunJobProps {
  readonly functions: Readonly<Record<RunFunction, LambdaFunction>>;
  readonly cluster: NodeCluster;
  /** Days that the log is kept. */
  readonly logDays: RetentionDays;
}

/** The name of the state machine: functions that it calls name it before it is there. */
export function runJobName(scope: Construct): string {
  return `${deploymentName(scope)}-run-job`;
}

export function runJobArn(scope: Construct): string {
  return Stack.of(scope).formatArn({
    service: 'states',
    resource: 'stateMachine',
    resourceName: runJobName(scope),
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
}

/** The state machine, and a role with the rights that its states use. */
export class RunJob extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, { functions, cluster, logDays }: RunJobProps) {
    super(scope, 'RunJob');
    const stack = Stack.of(this);
    const definition = runJob({
      partition: Aws.PARTITION,
      functionArns: Object.fromEntries(
        runFunctions.map((name) => [name, functions[name].functionArn]),
      ) as Record<RunFunction, string>,
      cluster: cluster.clusterArn,
      containerName: AGENT_CONTAINER,
    });
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    role.addToPolicy(
      new PolicyStatement({
        actions: ['lambda:InvokeFunction'],
        resources: runFunctions.map((name) => functions[name].functionArn),
      }),
    );
    for (const statement of [...this.#mapRights(), ...nodeRights(this, cluster)]) role.addToPolicy(statement);
    this.stateMachine = new StateMachine(this, 'StateMachine', {
      stateMachineName: runJobName(this),
      stateMachineType: StateMachineType.STANDARD,
      definitionBody: DefinitionBody.fromString(stack.toJsonString(definition)),
      role,
      logs: {
        destination: new LogGroup(this, 'Log', {
          logGroupName: `/aws/vendedlogs/states/${runJobName(this)}`,
          retention: logDays,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
        level: LogLevel.ERROR,
        // Claims are in it.
        includeExecutionData: false,
      },
    });
  }

  /** A distributed map runs each item as an execution of the same state machine. */
  #mapRights(): PolicyStatement[] {
    const executions = runJobArn(this).replace(':stateMachine:', ':execution:');
    return [
      new PolicyStatement({ actions: ['states:StartExecution'], resources: [runJobArn(this)] }),
      new PolicyStatement({
        actions: ['states:DescribeExecution', 'states:StopExecution'],
        resources: [`${executions}:*`, `${executions}/*`],
      }),
    ];
  }
}

/** What `ecs:runTask.sync` does: run, watch and stop tasks of the one cluster, and hear of their end by a rule of its own. */
function nodeRights(scope: Construct, cluster: NodeCluster): PolicyStatement[] {
  const stack = Stack.of(scope);
  const inCluster = { ArnEquals: { 'ecs:cluster': cluster.clusterArn } };
  return [
    new PolicyStatement({
      actions: ['ecs:RunTask'],
      resources: [cluster.taskDefinitionArns],
      conditions: inCluster,
    }),
    new PolicyStatement({
      actions: ['ecs:StopTask', 'ecs:DescribeTasks'],
      resources: [cluster.taskArns],
      conditions: inCluster,
    }),
    new PolicyStatement({
      actions: ['ecs:TagResource'],
      resources: [cluster.taskArns],
      conditions: { StringEquals: { 'ecs:CreateAction': 'RunTask' } },
    }),
    cluster.passRight,
    new PolicyStatement({
      actions: ['events:PutTargets', 'events:PutRule', 'events:DescribeRule'],
      resources: [
        stack.formatArn({
          service: 'events',
          resource: 'rule',
          resourceName: 'StepFunctionsGetEventsForECSTaskRule',
        }),
      ],
    }),
  ];
}
