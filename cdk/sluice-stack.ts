import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import type { FunctionName } from '../functions/lambda/environment.ts';
import { BatchApi } from './constructs/batch-api.ts';
import { ChangeConsumer } from './constructs/change-consumer.ts';
import { JobTable } from './constructs/job-table.ts';
import { NodeCluster } from './constructs/node-cluster.ts';
import { NodeNetwork } from './constructs/node-network.ts';
import { RunJob, runJobArn } from './constructs/run-job.ts';
import { RunWatch } from './constructs/run-watch.ts';
import { ServiceFunctions } from './constructs/service-functions.ts';
import type { Settings } from './settings.ts';

const ZONES = 2;

/** A whole deployment: table, API, functions, state machine and a place for nodes. */
export class SluiceStack extends Stack {
  readonly jobTable: JobTable;
  readonly functions: ServiceFunctions;
  readonly api: BatchApi;

  /** `bundles`: the folder of the functions' bundles. */
  constructor(scope: Construct, settings: Settings, bundles: string, props: StackProps = {}) {
    super(scope, 'Sluice', { ...props, stackName: settings.stackName });
    this.jobTable = new JobTable(this, settings);
    const network = new NodeNetwork(this, { zones: ZONES });
    const clusterName = `${settings.stackName}-nodes`;
    this.functions = new ServiceFunctions(this, {
      settings,
      bundles,
      tableName: this.jobTable.table.tableName,
      stateMachineArn: runJobArn(this),
      clusterName,
    });
    const functions = this.functions.all;
    this.api = new BatchApi(this, {
      jobsApi: functions['jobs-api'],
      stateReport: functions['state-report'],
      claimNode: functions['claim-node'],
      accountLogRole: !settings.hasApiLogRole,
    });
    const cluster = new NodeCluster(this, {
      image: settings.nodeImage,
      cores: settings.nodeCores,
      memoryMib: settings.nodeMemoryMib,
      arm: settings.nodeArm,
      endpoint: settings.nodeEndpoint?.replace('{apiId}', this.api.api.restApiId) ?? this.api.api.url,
      clusterName,
    });
    const run = new RunJob(this, { functions, cluster, network });
    new RunWatch(this, {
      stateMachineArn: run.stateMachine.stateMachineArn,
      giveUpJob: functions['give-up-job'],
      sweepJobs: functions['sweep-jobs'],
    });
    new ChangeConsumer(this, 'AdvanceJobs', {
      table: this.jobTable.table,
      consumer: functions['advance-jobs'],
      // Jobs and groups; seats.
      partitions: ['J#', 'S#'],
      parallel: 4,
    });
    this.#grant();
    new CfnOutput(this, 'Endpoint', { value: this.api.api.url, description: "The API's base address" });
    new CfnOutput(this, 'ApiId', { value: this.api.api.restApiId });
    new CfnOutput(this, 'TableName', { value: this.jobTable.table.tableName });
    new CfnOutput(this, 'StateMachine', { value: run.stateMachine.stateMachineArn });
    new CfnOutput(this, 'NodeLog', { value: cluster.logGroup.logGroupName, description: 'Output of tasks' });
  }

  /** Who may do what, beside the writing of one's own log. */
  #grant(): void {
    const functions = this.functions.all;
    for (const [name, to] of Object.entries(functions)) {
      if (name === 'list-seats') this.jobTable.grantRead(to);
      else this.jobTable.grantCommit(to);
    }
    const machine = runJobArn(this);
    const executions = `${machine.replace(':stateMachine:', ':execution:')}:*`;
    const allow = (names: readonly FunctionName[], actions: readonly string[], resource: string) => {
      for (const name of names)
        functions[name].addToRolePolicy(
          new PolicyStatement({ actions: [...actions], resources: [resource] }),
        );
    };
    allow(['advance-jobs', 'sweep-jobs'], ['states:StartExecution'], machine);
    allow(['advance-jobs', 'sweep-jobs'], ['states:DescribeExecution'], executions);
    // Whoever has a task token may answer it: AWS knows no resource for that.
    allow(['advance-jobs', 'sweep-jobs', 'give-up-job', 'wait-for-stage'], ['states:SendTaskSuccess'], '*');
    const tasks = this.formatArn({
      service: 'ecs',
      resource: 'task',
      resourceName: `${this.stackName}-nodes/*`,
    });
    allow(['sweep-jobs', 'give-up-job'], ['ecs:StopTask'], tasks);
  }
}
