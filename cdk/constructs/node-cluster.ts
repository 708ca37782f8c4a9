import { ArnFormat, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnCluster, ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { deploymentName } from './deployment-name.ts';

export interface NodeClusterProps {
  /** Days that output of tasks is kept. */
  readonly logDays: RetentionDays;
  /** ARNs of the roles that service accounts stand for. */
  readonly accountRoles: readonly string[];
}

/** The name of the nodes' log, as a text that rights for its streams can be made of. */
export function nodeLogName(scope: Construct): string {
  return `/sluice/${deploymentName(scope)}/nodes`;
}

/** The cluster of nodes, and what nodes may do: what they are made of says the plan of each job. */
export class NodeCluster extends Construct {
  readonly clusterArn: string;
  readonly logGroup: LogGroup;
  /** What ECS may do to start a node. */
  readonly executionRole: Role;
  /** What programs on nodes may do where no service account says it: nothing. */
  readonly taskRole: Role;
  /** Every role that a node may have. */
  readonly roleArns: readonly string[];

  constructor(scope: Construct, props: NodeClusterProps) {
    super(scope, 'NodeCluster');
    const cluster = new CfnCluster(this, 'Cluster', {
      clusterName: this.clusterName,
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      clusterSettings: [{ name: 'containerInsights', value: ContainerInsights.DISABLED }],
    });
    this.clusterArn = cluster.attrArn;
    this.logGroup = new LogGroup(this, 'Log', {
      logGroupName: nodeLogName(this),
      retention: props.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const assumedBy = new ServicePrincipal('ecs-tasks.amazonaws.com');
    this.taskRole = new Role(this, 'TaskRole', { assumedBy });
    this.executionRole = new Role(this, 'ExecutionRole', { assumedBy });
    this.logGroup.grantWrite(this.executionRole);
    for (const statement of pullRights(Stack.of(this))) this.executionRole.addToPolicy(statement);
    this.roleArns = [this.taskRole.roleArn, this.executionRole.roleArn, ...props.accountRoles];
  }

  get clusterName(): string {
    return `${deploymentName(this)}-nodes`;
  }

  /** Begins the names of all families of task definitions. */
  get familyPrefix(): string {
    return `${deploymentName(this)}-node`;
  }

  /** The task definitions of this deployment, and no others. */
  get taskDefinitionArns(): string {
    return Stack.of(this).formatArn({
      service: 'ecs',
      resource: 'task-definition',
      resourceName: `${this.familyPrefix}-*:*`,
    });
  }

  /** The tasks of the cluster: its nodes, whose ids ECS makes. */
  get taskArns(): string {
    return Stack.of(this).formatArn({
      service: 'ecs',
      resource: 'task',
      resourceName: `${this.clusterName}/*`,
    });
  }

  /** The right to give these roles to tasks on ECS. */
  get passRight(): PolicyStatement {
    return new PolicyStatement({
      actions: ['iam:PassRole'],
      resources: [...this.roleArns],
      conditions: { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } },
    });
  }
}

/** Images that jobs name may be in this account's own registry; which ones is not known before. */
export function pullRights(stack: Stack): PolicyStatement[] {
  const repositories = stack.formatArn({
    service: 'ecr',
    resource: 'repository',
    resourceName: '*',
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
  return [
    new PolicyStatement({ actions: ['ecr:GetAuthorizationToken'], resources: ['*'] }),
    new PolicyStatement({
      actions: ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'],
      resources: [repositories],
    }),
  ];
}
