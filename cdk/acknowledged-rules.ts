import { Stack, Token, Validations } from 'aws-cdk-lib';
import type { CfnRestApi } from 'aws-cdk-lib/aws-apigateway';
import type { IConstruct } from 'constructs';
import { environments } from '../functions/lambda/environment.ts';
import { STAGE } from './constructs/batch-api.ts';
import { deploymentName } from './constructs/deployment-name.ts';
import type { EventTopics } from './constructs/event-topics.ts';
import { nodeLogName } from './constructs/node-cluster.ts';
import { runJobName } from './constructs/run-job.ts';
import { pascal } from './constructs/service-function.ts';
import { beginning, loginPrefix } from './secret-prefixes.ts';
import type { Sluice } from './sluice.ts';

interface Acknowledged {
  /** Path below the deployment. */
  readonly at: string;
  /** Rules of cdk-nag's AwsSolutions pack. */
  readonly rules: readonly string[];
  readonly reason: string;
}

const wildcard = (resource: string) => `IAM5[Resource::${resource}]`;

/** Each rule that a deployment does not follow, and why; for the parts that it has. */
export function acknowledgedRules(sluice: Sluice): Acknowledged[] {
  return rulesOfAllParts(sluice).filter(({ at }) => partOf(sluice, at) !== undefined);
}

function partOf(sluice: IConstruct, at: string): IConstruct | undefined {
  return at.split('/').reduce<IConstruct | undefined>((parent, id) => parent?.node.tryFindChild(id), sluice);
}

function rulesOfAllParts(sluice: Sluice): Acknowledged[] {
  const { region, account } = Stack.of(sluice);
  const known = (value: string, variable: string) => (Token.isUnresolved(value) ? `<${variable}>` : value);
  const place = `${known(region, 'AWS::Region')}:${known(account, 'AWS::AccountId')}`;
  const arn = (service: string, resource: string) =>
    wildcard(`arn:<AWS::Partition>:${service}:${place}:${resource}`);
  const api = partOf(sluice, 'BatchApi/Api/Resource') as CfnRestApi;
  const apiId = Stack.of(sluice).getLogicalId(api);
  const topics = partOf(sluice, 'EventTopics') as EventTopics;
  const secretsBegin = beginning(sluice.settings.secretName);
  const logins = arn('secretsmanager', `secret:${loginPrefix(deploymentName(sluice))}*`);
  const executions = arn('states', `execution:${runJobName(sluice)}:*`);
  const tasks = arn('ecs', `task/${sluice.cluster.clusterName}/*`);
  const definitions = arn('ecs', `task-definition/${sluice.cluster.familyPrefix}-*:*`);
  const traced = sluice.settings.traceCalls ? Object.keys(environments).map(pascal) : [];
  return [
    ...traced.map((its) => ({
      at: `Functions/${its}/Role`,
      rules: [wildcard('*')],
      reason: 'X-Ray knows no resources to write traces to.',
    })),
    ...['BatchApi/Api', 'TokenApi/Api', 'ReportApi/Api'].map((at) => ({
      at,
      rules: ['APIG2'],
      reason:
        'Requests are validated by the function, whose answers say what is wrong in the form of the API.',
    })),
    {
      at: 'TokenApi',
      rules: ['APIG3', 'COG4'],
      reason:
        'Callers are known by tokens of an issuer that the user chose, and throttled; a web ACL costs money while idle.',
    },
    {
      at: 'Access',
      rules: ['*', 'GET'].map((method) => arn('execute-api', `<${apiId}>/${STAGE}/${method}/*`)),
      reason: 'The policies are for all jobs of the one API.',
    },
    {
      at: 'BatchApi/Api',
      rules: ['APIG3'],
      reason: 'Callers are known by their IAM signature, and throttled; a web ACL costs money while idle.',
    },
    {
      at: 'BatchApi/Api',
      rules: ['COG4'],
      reason: 'Callers are programs with IAM identities; there are no users with passwords.',
    },
    {
      at: 'BatchApi/Api/Default',
      rules: ['APIG4'],
      reason:
        'state:report and nodes:claim are open at the gateway: they check a token that is good for one seat of one job, so that a node needs no AWS rights.',
    },
    {
      at: 'BatchApi',
      rules: [
        'IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonAPIGatewayPushToCloudWatchLogs]',
      ],
      reason: "API Gateway's role for logs is one for the whole account, and AWS writes its policy.",
    },
    {
      at: 'ReportApi',
      rules: ['APIG3', 'APIG4', 'COG4'],
      reason:
        'Only nodes of the closed network reach it, by its one VPC endpoint, and both calls check a token of the node.',
    },
    ...['NodeNetwork/Vpc', 'ClosedNodeNetwork/Vpc'].map((at) => ({
      at,
      rules: ['VPC7'],
      reason: 'Flow logs of nodes would cost more than they tell: nothing can reach a node.',
    })),
    {
      at: 'NodeCluster',
      rules: ['ECS4'],
      reason: 'Container Insights costs by the task; nodes report to the service themselves.',
    },
    {
      at: 'RunJob/Role',
      rules: [executions, arn('states', `execution:${runJobName(sluice)}/*`)],
      reason:
        'A distributed map runs its items as executions of this state machine, with names of their own.',
    },
    {
      at: 'RunJob/Role',
      rules: [definitions, tasks],
      reason:
        'Task definitions of this deployment, whose families are named by their content, and tasks of the one cluster, whose ids ECS makes.',
    },
    {
      at: 'RunJob/Role',
      rules: [wildcard('*')],
      reason: 'Log delivery of Step Functions knows no resources (logs:CreateLogDelivery and the like).',
    },
    {
      at: 'RunJob/StateMachine',
      rules: ['SF1'],
      reason:
        'Errors are logged; the execution history has the rest for 90 days, and a line a transition costs more.',
    },
    {
      at: 'RunJob/StateMachine',
      rules: ['SF2'],
      reason: 'A run lasts hours: its history, and not a trace, says where it stands.',
    },
    {
      at: 'Functions/AdvanceJobs/Role',
      rules: [wildcard('*')],
      reason:
        'dynamodb:ListStreams, which Lambda wants for the change feed, and states:SendTaskSuccess know no resources.',
    },
    {
      at: 'Functions/PublishEvents/Role',
      rules: [wildcard('*')],
      reason: 'dynamodb:ListStreams, which Lambda wants for the change feed, knows no resources.',
    },
    ...['PublishEvents', 'JobsApi'].map((its) => ({
      at: `Functions/${its}/Role`,
      rules: [arn('sns', topics.ofJobs.names)],
      reason:
        'Jobs name the topics that they want to tell; the setting notificationTopics says which they may.',
    })),
    ...['SweepJobs', 'GiveUpJob', 'WaitForStage'].map((its) => ({
      at: `Functions/${its}/Role`,
      rules: [wildcard('*')],
      reason:
        'states:SendTaskSuccess, whose right is the token that it is sent with, ecs:DeregisterTaskDefinition and secretsmanager:ListSecrets know no resources.',
    })),
    {
      at: 'Functions/AdvanceJobs/Role',
      rules: [executions],
      reason: 'Executions are named by the uids of jobs.',
    },
    {
      at: 'Functions/SweepJobs/Role',
      rules: [executions, tasks],
      reason: 'Executions are named by the uids of jobs, and tasks of the one cluster by ids that ECS makes.',
    },
    {
      at: 'Functions/GiveUpJob/Role',
      rules: [tasks],
      reason: 'Tasks of the one cluster have ids that ECS makes.',
    },
    ...['JobsApi', 'ClaimNode', 'PlanJob'].map((its) => ({
      at: `Functions/${its}/Role`,
      rules: [arn('secretsmanager', `secret:${secretsBegin}*`), arn('kms', 'key/*')],
      reason:
        'Secrets whose names begin as the settings say, and keys with such an alias, which is a condition.',
    })),
    ...['JobsApi', 'FinishJob', 'GiveUpJob'].map((its) => ({
      at: `Functions/${its}/Role`,
      rules: [arn('logs', `log-group:${nodeLogName(sluice)}:*`)],
      reason: "Streams of the nodes' log are named by ids that ECS makes.",
    })),
    {
      at: 'Functions/PlanJob/Role',
      rules: [definitions, arn('ecr', 'repository/*'), wildcard('*')],
      reason:
        'Families are named by their content, jobs name images of any repository of this account, and ecs:DescribeTaskDefinition and ecr:GetAuthorizationToken know no resources.',
    },
    {
      at: 'NodeCluster/ExecutionRole',
      rules: [arn('ecr', 'repository/*'), wildcard('*')],
      reason:
        'Jobs name images of any repository of this account; ecr:GetAuthorizationToken knows no resources.',
    },
    ...['PlanJob', 'FinishJob', 'GiveUpJob', 'SweepJobs'].map((its) => ({
      at: `Functions/${its}/Role`,
      rules: [logins],
      reason: 'Secrets with logins of registries are named by the uids of jobs.',
    })),
    {
      at: 'NodeCluster/ExecutionRole',
      rules: [logins],
      reason: 'Secrets with logins of registries are named by the uids of jobs.',
    },
    ...[
      'RunWatch/DeadLetters',
      'AdvanceJobs/DeadLetters',
      'PublishEvents/DeadLetters',
      'NodeWatch/DeadLetters',
      'EventTopics/PutAside',
    ].map((at) => ({
      at,
      rules: ['SQS3'],
      reason: 'It is a dead-letter queue itself.',
    })),
  ];
}

/** Tells cdk-nag of them. */
export function acknowledgeRules(sluice: Sluice): void {
  for (const { at, rules, reason } of acknowledgedRules(sluice)) {
    const part = partOf(sluice, at) as IConstruct;
    for (const rule of rules)
      Validations.of(part).acknowledge({ id: `AwsSolutions::AwsSolutions-${rule}`, reason });
  }
}
