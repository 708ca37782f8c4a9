import { Duration } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import {
  FilterCriteria,
  FilterRule,
  type Function as LambdaFunction,
  StartingPosition,
} from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import type { WantedChanges } from '../../functions/lambda/wanted-changes.ts';
import { putAsideAlarm, putAsideQueue } from './put-aside.ts';

/**
 * Changes are gathered for a second, so that a job of thousands of nodes calls its consumers a few times a second and not
 * hundreds of times.
 */
const WINDOW = Duration.seconds(1);
const BATCH = 200;

export interface ChangeConsumerProps {
  readonly table: ITable;
  readonly consumer: LambdaFunction;
  readonly wanted: readonly WantedChanges[];
  readonly parallel?: number;
}

/**
 * Hands the table's changes to a function. A change that it cannot take is found by halving the batch, tried for a while
 * and then put aside in a queue, whose alarm says so.
 */
export class ChangeConsumer extends Construct {
  constructor(scope: Construct, id: string, props: ChangeConsumerProps) {
    super(scope, id);
    const deadLetters = putAsideQueue(this, 'DeadLetters');
    props.consumer.addEventSource(
      new DynamoEventSource(props.table, {
        startingPosition: StartingPosition.TRIM_HORIZON,
        batchSize: BATCH,
        maxBatchingWindow: WINDOW,
        parallelizationFactor: props.parallel ?? 1,
        filters: props.wanted.map((wanted) => FilterCriteria.filter({ dynamodb: filterOf(wanted) })),
        reportBatchItemFailures: true,
        bisectBatchOnError: true,
        retryAttempts: 30,
        maxRecordAge: Duration.hours(20),
        onFailure: new SqsDlq(deadLetters),
      }),
    );
    putAsideAlarm(this, 'PutAside', deadLetters, `${id}: changes were put aside that could not be consumed.`);
  }
}

function filterOf({ partition, signals }: WantedChanges) {
  return {
    Keys: { pk: { S: FilterRule.beginsWith(partition) } },
    ...(signals === undefined ? {} : { NewImage: { signal: { S: [...signals] } } }),
  };
}
