import { Duration } from 'aws-cdk-lib';
import { Rule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { putAsideAlarm, putAsideQueue } from './put-aside.ts';

export interface NodeWatchProps {
  readonly clusterArn: string;
  readonly watchNode: LambdaFunction;
}

/** Hears from ECS what becomes of nodes: that one has a task, and that it is being taken away. */
export class NodeWatch extends Construct {
  constructor(scope: Construct, { clusterArn, watchNode }: NodeWatchProps) {
    super(scope, 'NodeWatch');
    const deadLetters = putAsideQueue(this, 'DeadLetters');
    new Rule(this, 'NodeChanged', {
      description: 'What ECS says of the tasks that are nodes; of the steps between, nothing is of use.',
      eventPattern: {
        source: ['aws.ecs'],
        detailType: ['ECS Task State Change'],
        detail: { clusterArn: [clusterArn], lastStatus: ['PENDING', 'RUNNING', 'STOPPED'] },
      },
      targets: [
        new LambdaTarget(watchNode, {
          deadLetterQueue: deadLetters,
          retryAttempts: 10,
          maxEventAge: Duration.hours(1),
        }),
      ],
    });
    putAsideAlarm(this, 'PutAside', deadLetters, 'What ECS said of nodes could not be noted.');
  }
}
