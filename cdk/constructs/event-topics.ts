import { ArnFormat, Stack } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { FifoThroughputScope, Topic } from 'aws-cdk-lib/aws-sns';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { deploymentName } from './deployment-name.ts';
import { putAsideAlarm, putAsideQueue } from './put-aside.ts';

export interface EventTopicsProps {
  /** Topics that keep the order of each subject: only queues can subscribe to them. */
  readonly ordered: boolean;
  /** What encrypts them; without it, SNS's own encryption of its disks. */
  readonly key: IKey | undefined;
  /** The name of the topic that stands for one that a job names, with `{topic}` and `{project}`. */
  readonly rule: string;
  /** Further topics that jobs may name. */
  readonly others: readonly string[];
}

/** Where the deployment tells what happens, what it may tell the topics of jobs, and where it puts what nobody takes. */
export class EventTopics extends Construct {
  readonly jobs: Topic;
  readonly tasks: Topic;
  readonly nodes: Topic;
  readonly putAside: Queue;
  /** `arn:…:{topic}`. */
  readonly rule: string;
  /** Topics that jobs may name: what comes of the rule, as a pattern of their names, and the others. */
  readonly ofJobs: { readonly names: string; readonly arns: readonly string[] };
  readonly #key: IKey | undefined;

  constructor(scope: Construct, props: EventTopicsProps) {
    super(scope, 'EventTopics');
    this.#key = props.key;
    this.jobs = this.#topic('Jobs', 'jobs', props);
    this.tasks = this.#topic('Tasks', 'task groups and tasks', props);
    this.nodes = this.#topic('Nodes', 'compute nodes', props);
    this.rule = this.#arn(props.rule);
    const names = props.rule.replaceAll(/\{\w+\}/g, '*').replaceAll(/\*+/g, '*');
    this.ofJobs = { names, arns: [this.#arn(names), ...props.others] };
    this.putAside = putAsideQueue(this, 'PutAside');
    putAsideAlarm(
      this,
      'PutAsideAlarm',
      this.putAside,
      'Messages were put aside that could not be published.',
    );
  }

  /** What the function that publishes needs to know. */
  get environment() {
    return {
      JOB_TOPIC: this.jobs.topicArn,
      TASK_TOPIC: this.tasks.topicArn,
      NODE_TOPIC: this.nodes.topicArn,
      TOPIC_RULE: this.rule,
      PUT_ASIDE_URL: this.putAside.queueUrl,
    };
  }

  /** Lets a function publish to the topics here and to those that jobs may name. */
  grantPublish(to: LambdaFunction): void {
    const own = [this.jobs, this.tasks, this.nodes].map(({ topicArn }) => topicArn);
    allow(to, ['sns:Publish'], [...own, ...this.ofJobs.arns]);
    allow(to, ['sqs:SendMessage'], [this.putAside.queueArn]);
    if (this.#key !== undefined) allow(to, ['kms:Decrypt', 'kms:GenerateDataKey'], [this.#key.keyArn]);
  }

  /** Lets a function see whether a topic that a job names is there: for the very topics that may be published to. */
  grantLook(to: LambdaFunction): void {
    allow(to, ['sns:GetTopicAttributes'], this.ofJobs.arns);
  }

  #topic(id: string, what: string, { ordered, key }: EventTopicsProps): Topic {
    return new Topic(this, id, {
      topicName: `${deploymentName(this)}-${id.toLowerCase()}${ordered ? '.fifo' : ''}`,
      displayName: `Sluice: ${what}`,
      enforceSSL: true,
      ...(key === undefined ? {} : { masterKey: key }),
      // An order for each subject, and none between them, so that many go through at once.
      ...(ordered ? { fifo: true, fifoThroughputScope: FifoThroughputScope.MESSAGE_GROUP } : {}),
    });
  }

  #arn(resource: string): string {
    return Stack.of(this).formatArn({ service: 'sns', resource, arnFormat: ArnFormat.NO_RESOURCE_NAME });
  }
}

function allow(to: LambdaFunction, actions: string[], resources: readonly string[]): void {
  to.addToRolePolicy(new PolicyStatement({ actions, resources: [...resources] }));
}
