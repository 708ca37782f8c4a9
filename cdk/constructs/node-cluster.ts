import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import {
  AwsLogDriverMode,
  CfnCluster,
  ContainerImage,
  ContainerInsights,
  CpuArchitecture,
  FargateTaskDefinition,
  LogDrivers,
  OperatingSystemFamily,
} from 'aws-cdk-lib/aws-ecs';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { bundleText } from '../build/bundle-functions.ts';
import { deploymentName } from './deployment-name.ts';

export interface NodeClusterProps {
  /** A stock image with Node.js 24 and a shell. */
  readonly image: string;
  readonly cores: number;
  readonly memoryMib: number;
  readonly arm: boolean;
  /** Where nodes reach the service. */
  readonly endpoint: string;
  readonly clusterName: string;
  /** Days that output of tasks is kept. */
  readonly logDays: RetentionDays;
}

export const CONTAINER = 'agent';

/** The name of the nodes' log: functions that read it name it before it is there. */
export function nodeLogName(scope: Construct): string {
  return `/sluice/${deploymentName(scope)}/nodes`;
}

/** The cluster of nodes, and what a node is: a task whose one container fetches its agent and runs it. */
export class NodeCluster extends Construct {
  readonly clusterName: string;
  readonly clusterArn: string;
  readonly family: string;
  readonly taskDefinition: FargateTaskDefinition;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, props: NodeClusterProps) {
    super(scope, 'NodeCluster');
    const cluster = new CfnCluster(this, 'Cluster', {
      clusterName: props.clusterName,
      capacityProviders: ['FARGATE', 'FARGATE_SPOT'],
      clusterSettings: [{ name: 'containerInsights', value: ContainerInsights.DISABLED }],
    });
    this.clusterName = cluster.ref;
    this.clusterArn = cluster.attrArn;
    this.family = `${deploymentName(this)}-node`;
    this.logGroup = new LogGroup(this, 'Log', {
      logGroupName: nodeLogName(this),
      retention: props.logDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.taskDefinition = new FargateTaskDefinition(this, 'Node', {
      family: this.family,
      cpu: props.cores * 1024,
      memoryLimitMiB: props.memoryMib,
      runtimePlatform: {
        cpuArchitecture: props.arm ? CpuArchitecture.ARM64 : CpuArchitecture.X86_64,
        operatingSystemFamily: OperatingSystemFamily.LINUX,
      },
    });
    this.taskDefinition.addContainer(CONTAINER, {
      image: ContainerImage.fromRegistry(props.image),
      command: ['node', '--input-type=module', '-e', bundleText('cdk/node/bootstrap.ts')],
      environment: { SLUICE_ENDPOINT: props.endpoint },
      logging: LogDrivers.awsLogs({
        streamPrefix: 'node',
        logGroup: this.logGroup,
        mode: AwsLogDriverMode.NON_BLOCKING,
      }),
      stopTimeout: Duration.seconds(120),
      essential: true,
    });
  }
}
