import { CfnOutput, Lazy, Stack, Token } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { wantedChanges } from '../functions/lambda/wanted-changes.ts';
import type { ClosedNetwork } from '../shared/core/fargate/node-places.ts';
import { acknowledgeRules } from './acknowledged-rules.ts';
import { BUNDLES, bundleFunctions } from './build/bundle-functions.ts';
import { closedNodeImage, ECR_IMAGE } from './closed-node-image.ts';
import { AlarmTopic } from './constructs/alarm-topic.ts';
import { ApiAccess } from './constructs/api-access.ts';
import { BatchApi } from './constructs/batch-api.ts';
import { ChangeConsumer } from './constructs/change-consumer.ts';
import { ClosedNodeNetwork } from './constructs/closed-node-network.ts';
import { ServiceDashboard } from './constructs/dashboard.ts';
import { setDeploymentName } from './constructs/deployment-name.ts';
import { EventTopics } from './constructs/event-topics.ts';
import { grantFunctions } from './constructs/function-rights.ts';
import { JobTable } from './constructs/job-table.ts';
import { grantLogins } from './constructs/login-rights.ts';
import { NodeCluster } from './constructs/node-cluster.ts';
import { NodeNetwork } from './constructs/node-network.ts';
import { NodeWatch } from './constructs/node-watch.ts';
import { ReportApi } from './constructs/report-api.ts';
import { RunJob, runJobArn } from './constructs/run-job.ts';
import { RunWatch } from './constructs/run-watch.ts';
import { grantSecrets } from './constructs/secret-rights.ts';
import { ServiceFunctions } from './constructs/service-functions.ts';
import { TokenApi } from './constructs/token-api.ts';
import { readSettings, type Settings } from './settings.ts';

/** Where the construct stands is for its stack to say. */
type OwnSettings = Omit<Settings, 'account' | 'region'>;

/** All settings, each with its default, and what only another app can give. */
export interface SluiceProps extends Partial<OwnSettings> {
  /** A VPC of this app, in place of `vpcId` and `subnetIds`. */
  readonly vpc?: IVpc;
  /** Which of its subnets nodes run in; its private ones with a way out unless given. */
  readonly vpcSubnets?: SubnetSelection;
  /** The folder of the functions' bundles, made ahead; they are made here without it. */
  readonly bundles?: string;
}

/**
 * A whole deployment: table, API, functions, state machine and a place for nodes. For an app of your own:
 *
 * ```ts
 * const batch = new Sluice(this, 'Batch', { maxNodes: 50, alarmEmail: 'me@example.org' });
 * new CfnOutput(this, 'BatchEndpoint', { value: batch.endpoint });
 * ```
 *
 * Two of them in one account and region need different `name`s.
 */
export class Sluice extends Construct {
  readonly settings: Settings;
  readonly jobTable: JobTable;
  /** What happens to jobs, tasks and nodes is told here. */
  readonly topics: EventTopics;
  readonly functions: ServiceFunctions;
  readonly api: BatchApi;
  /** Policies that let somebody call the API; `access.grant(role, { to: 'read', jobId: 'j' })` makes others. */
  readonly access: ApiAccess;
  /** For clients with bearer tokens, where there is a `jwtIssuer`. */
  readonly tokenApi: TokenApi | undefined;
  readonly network: NodeNetwork;
  /** For containers with `blockExternalNetwork`, and the API that their nodes call; where `closedNetwork` is set. */
  readonly closedNetwork: ClosedNodeNetwork | undefined;
  readonly reportApi: ReportApi | undefined;
  readonly cluster: NodeCluster;
  readonly run: RunJob;
  readonly dashboard: ServiceDashboard;
  /** Every alarm of the deployment is told here. */
  readonly alarms: AlarmTopic;

  /** Throws an error that names what is wrong with the settings. */
  constructor(scope: Construct, id: string, props: SluiceProps = {}) {
    super(scope, id);
    const { vpc, vpcSubnets, bundles = bundled(), ...given } = props;
    const settings = readSettings({ ...given });
    this.settings = settings;
    const { name } = settings;
    setDeploymentName(this, name);
    this.jobTable = new JobTable(this, settings);
    this.network = new NodeNetwork(this, { ...settings, vpc, vpcSubnets });
    this.topics = new EventTopics(this, {
      ordered: settings.orderedTopics,
      key: this.jobTable.table.encryptionKey,
      rule: settings.notificationTopics,
      others: settings.notificationTopicArns,
    });
    this.cluster = new NodeCluster(this, {
      logDays: settings.logRetentionDays,
      accountRoles: Object.values(settings.serviceAccounts),
    });
    if (settings.closedNetwork)
      this.closedNetwork = new ClosedNodeNetwork(this, {
        cluster: this.cluster,
        s3PrefixList: settings.closedS3PrefixList,
      });
    this.functions = new ServiceFunctions(this, {
      settings,
      bundles,
      cluster: this.cluster,
      network: this.network,
      closed: this.closedNetwork && this.#closedPlace(this.closedNetwork),
      // The API is made of functions, so its address is known last.
      nodeEndpoint: Lazy.string({
        produce: () => settings.nodeEndpoint?.replace('{apiId}', this.api.api.restApiId) ?? this.endpoint,
      }),
      tableName: this.jobTable.table.tableName,
      loginKey: this.jobTable.table.encryptionKey?.keyArn,
      stateMachineArn: runJobArn(this),
      topics: this.topics.environment,
    });
    const functions = this.functions.all;
    this.api = new BatchApi(this, {
      jobsApi: functions['jobs-api'],
      stateReport: functions['state-report'],
      claimNode: functions['claim-node'],
      accountLogRole: !settings.hasApiLogRole,
      logDays: settings.logRetentionDays,
      isTraced: settings.traceCalls,
    });
    this.access = new ApiAccess(this, this.api.api);
    if (this.functions.authorizeToken !== undefined) {
      this.tokenApi = new TokenApi(this, {
        jobsApi: functions['jobs-api'],
        authorizer: this.functions.authorizeToken,
        after: this.api.logAccount,
        logDays: settings.logRetentionDays,
        isTraced: settings.traceCalls,
      });
    }
    if (this.closedNetwork !== undefined)
      this.reportApi = new ReportApi(this, {
        stateReport: functions['state-report'],
        claimNode: functions['claim-node'],
        vpcEndpoint: this.closedNetwork.apiEndpoint,
        after: this.api.logAccount,
        logDays: settings.logRetentionDays,
        isTraced: settings.traceCalls,
      });
    this.run = new RunJob(this, {
      functions,
      cluster: this.cluster,
      logDays: settings.logRetentionDays,
    });
    new RunWatch(this, {
      stateMachineArn: this.run.stateMachine.stateMachineArn,
      giveUpJob: functions['give-up-job'],
      sweepJobs: functions['sweep-jobs'],
    });
    new NodeWatch(this, { clusterArn: this.cluster.clusterArn, watchNode: functions['watch-node'] });
    new ChangeConsumer(this, 'AdvanceJobs', {
      table: this.jobTable.table,
      consumer: functions['advance-jobs'],
      wanted: wantedChanges['advance-jobs'],
      parallel: 4,
    });
    new ChangeConsumer(this, 'PublishEvents', {
      table: this.jobTable.table,
      consumer: functions['publish-events'],
      // What of a shard is not in parallel stays in the order of its changes.
      wanted: wantedChanges['publish-events'],
    });
    grantFunctions(this, functions, this.jobTable, this.cluster);
    grantSecrets(this, settings, {
      checks: functions['jobs-api'],
      // Environments come with a node's claim, logins of registries with the plan.
      reads: [functions['claim-node'], functions['plan-job']],
    });
    grantLogins(this, functions, this.cluster, this.jobTable.table.encryptionKey);
    this.topics.grantPublish(functions['publish-events']);
    this.topics.grantLook(functions['jobs-api']);
    this.dashboard = new ServiceDashboard(this, {
      api: this.api.api,
      functions,
      table: this.jobTable.table,
      run: this.run.stateMachine,
      clusterName: this.cluster.clusterName,
      deadLetters: partsOf(this, Queue),
      alarms: partsOf(this, Alarm),
    });
    this.alarms = new AlarmTopic(this, settings.alarmEmail);
    for (const alarm of partsOf(this, Alarm)) this.alarms.tellOf(alarm);
    acknowledgeRules(this);
  }

  /** What jobs need to know of the closed network. */
  #closedPlace({ subnets, securityGroup, registry }: ClosedNodeNetwork): ClosedNetwork {
    const { settings } = this;
    const image = closedNodeImage(settings);
    const { account, region } = Stack.of(this);
    const within = `${account}.dkr.ecr.${region}.`;
    if (!Token.isUnresolved(within) && ECR_IMAGE.test(image) && !image.startsWith(within))
      throw new Error(
        `closedNodeImage must be in ${within}…, as a closed network pulls from there alone; given: ${image}`,
      );
    return {
      subnets,
      securityGroups: [securityGroup.securityGroupId],
      registries: [registry, ...settings.plainHttpRegistries],
      image,
      // The API is made of functions, so its address is known last.
      endpoint: Lazy.string({
        produce: () =>
          settings.closedNodeEndpoint?.replace('{apiId}', this.reportApi?.api.restApiId ?? '') ??
          this.reportApi?.endpoint ??
          '',
      }),
    };
  }

  /** The API's base address, for `sluice --endpoint`. */
  get endpoint(): string {
    return this.api.api.url;
  }

  /** Prints where everything is after a deployment. Ids of outputs are unique in a stack, so one deployment of a stack can do it. */
  addOutputs(): void {
    const stack = Stack.of(this);
    const output = (id: string, value: string, description: string) =>
      new CfnOutput(stack, id, { value, description });
    output('Endpoint', this.endpoint, "The API's base address");
    if (this.tokenApi) output('TokenEndpoint', this.tokenApi.endpoint, 'The same for bearer tokens');
    output('FullAccessPolicy', this.access.fullAccess.managedPolicyArn, 'Lets somebody call all methods');
    output('ReadOnlyPolicy', this.access.readOnly.managedPolicyArn, 'Lets somebody get and list');
    output('ApiId', this.api.api.restApiId, "The API's id");
    output('TableName', this.jobTable.table.tableName, 'All state');
    output('StateMachine', this.run.stateMachine.stateMachineArn, 'Runs jobs: an execution for each');
    output('NodeLog', this.cluster.logGroup.logGroupName, 'Output of tasks');
    output('JobTopic', this.topics.jobs.topicArn, 'Events of jobs');
    output('TaskTopic', this.topics.tasks.topicArn, 'Events of task groups and, where asked for, of tasks');
    output('NodeTopic', this.topics.nodes.topicArn, 'Events of compute nodes and environments');
    output('Dashboard', this.dashboard.name, 'Its page in CloudWatch');
    output('AlarmTopic', this.alarms.topic.topicArn, 'Alarms are told here');
  }
}

/** All parts of a kind, whoever made them. */
function partsOf<Part>(sluice: Construct, kind: new (...args: never[]) => Part): Part[] {
  return sluice.node.findAll().filter((part): part is Construct & Part => part instanceof kind);
}

let bundledFolder: string | undefined;

/** The functions, bundled once for all deployments of an app. */
function bundled(): string {
  if (bundledFolder === undefined) bundleFunctions();
  bundledFolder = BUNDLES;
  return bundledFolder;
}
