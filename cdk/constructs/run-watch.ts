import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { EventField, Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction as LambdaTarget } from 'aws-cdk-lib/aws-events-targets';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { putAsideQueue } from './put-aside.ts';

export interface RunWatchProps {
  readonly stateMachineArn: string;
  readonly giveUpJob: LambdaFunction;
  readonly sweepJobs: LambdaFunction;
}

/** Looks after runs from outside: a rule for executions that died, and a sweep once a minute for what no event told. */
export class RunWatch extends Construct {
  constructor(scope: Construct, { stateMachineArn, giveUpJob, sweepJobs }: RunWatchProps) {
    super(scope, 'RunWatch');
    const deadLetters = putAsideQueue(this, 'DeadLetters');
    new Rule(this, 'RunDied', {
      description: 'An execution of run-job ended other than well: its job is given up.',
      eventPattern: {
        source: ['aws.states'],
        detailType: ['Step Functions Execution Status Change'],
        detail: { stateMachineArn: [stateMachineArn], status: ['FAILED', 'TIMED_OUT', 'ABORTED'] },
      },
      targets: [
        new LambdaTarget(giveUpJob, {
          event: RuleTargetInput.fromObject({
            execution: EventField.fromPath('$.detail.name'),
            failure: { Error: EventField.fromPath('$.detail.status'), Cause: 'the execution ended' },
          }),
          deadLetterQueue: deadLetters,
          retryAttempts: 10,
          maxEventAge: Duration.hours(6),
        }),
      ],
    });
    new Rule(this, 'EveryMinute', {
      description: 'Finds what every other path missed.',
      schedule: Schedule.rate(Duration.minutes(1)),
      // The next minute comes anyway.
      targets: [new LambdaTarget(sweepJobs, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
    this.#alarm(
      'PutAside',
      'Jobs whose run died could not be given up.',
      deadLetters.metricApproximateNumberOfMessagesVisible(),
    );
    this.#alarm('SweepFails', 'The sweep fails again and again.', sweepJobs.metricErrors(), 5);
    this.#alarm('GiveUpFails', 'Giving up a job fails.', giveUpJob.metricErrors(), 3);
  }

  #alarm(id: string, alarmDescription: string, metric: Alarm['metric'], threshold = 1): void {
    new Alarm(this, id, {
      alarmDescription,
      metric,
      threshold,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
