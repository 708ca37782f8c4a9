import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export interface NodeWatchProps {
  readonly clusterArn: string;
  readonly watchNode: LambdaFunction;
}

/** Hears from ECS what becomes of nodes: that one has a task, and that it is being taken away. */
export class NodeWatch extends Construct {
  readonly deadLetters: Queue;

  constructor(scope: Construct, { clusterArn, watchNode }: NodeWatchProps) {
    super(scope, 'NodeWatch');
    this.deadLetters = new Queue(this, 'DeadLetters', {
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      retentionPeriod: Duration.days(14),
    });
    new Rule(this, 'NodeChanged', {
      description: 'What ECS says of the tasks that are nodes; of the steps between, nothing is of use.',
      eventPattern: {
        source: ['aws.ecs'],
        detailType: ['ECS Task State Change'],
        detail: { clusterArn: [clusterArn], lastStatus: ['PENDING', 'RUNNING', 'STOPPED'] },
      },
      targets: [
        new LambdaTarget(watchNode, {
          deadLetterQueue: this.deadLetters,
          retryAttempts: 10,
          maxEventAge: Duration.hours(1),
        }),
      ],
    });
    new Alarm(this, 'PutAside', {
      alarmDescription: 'What ECS said of nodes could not be noted.',
      metric: this.deadLetters.metricApproximateNumberOfMessagesVisible({ period: Duration.minutes(1) }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
