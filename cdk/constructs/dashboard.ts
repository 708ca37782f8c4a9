import { Duration, Stack } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import {
  Alarm,
  AlarmStatusWidget,
  Dashboard as CloudWatchDashboard,
  ComparisonOperator,
  GraphWidget,
  type IMetric,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { deploymentName } from './deployment-name.ts';

export interface ServiceDashboardProps {
  readonly api: RestApi;
  readonly functions: Readonly<Record<string, LambdaFunction>>;
  readonly table: ITable;
  readonly run: StateMachine;
  readonly clusterName: string;
  readonly deadLetters: readonly Queue[];
  /** Alarms that were made elsewhere; their states are at the top. */
  readonly alarms: readonly Alarm[];
}

const EVERY = Duration.minutes(5);
const SUM = { period: EVERY, statistic: 'Sum' };

/** One page of graphs, jobs first, and the alarms that only the whole can have. */
export class ServiceDashboard extends Construct {
  readonly name: string;

  constructor(scope: Construct, props: ServiceDashboardProps) {
    super(scope, 'Dashboard');
    const { region } = Stack.of(this);
    // Dashboards are of the account, not of a region.
    this.name = `${deploymentName(this)}-${region}`;
    const own = [
      this.#alarm('ApiFails', 'The API answers with errors of its own.', props.api.metricServerError(SUM), 5),
      this.#alarm(
        'TableThrottles',
        'Writes to the table are throttled.',
        throttles(props.table, 'Write'),
        10,
      ),
    ];
    const graphs = graphsOf(props).map(
      ([title, left]) => new GraphWidget({ title, left: [...left], width: 8, height: 6, region }),
    );
    const dashboard = new CloudWatchDashboard(this, 'Page', { dashboardName: this.name });
    dashboard.addWidgets(new AlarmStatusWidget({ alarms: [...props.alarms, ...own], width: 24 }));
    dashboard.addWidgets(...graphs);
  }

  #alarm(id: string, alarmDescription: string, metric: IMetric, threshold: number): Alarm {
    return new Alarm(this, id, {
      alarmDescription,
      metric,
      threshold,
      evaluationPeriods: 2,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}

function graphsOf(
  props: ServiceDashboardProps,
): readonly (readonly [title: string, metrics: readonly IMetric[]])[] {
  const { api, functions, run, table, deadLetters, clusterName } = props;
  const all = Object.values(functions);
  const cluster = (metricName: string) =>
    new Metric({
      namespace: 'AWS/ECS',
      metricName,
      dimensionsMap: { ClusterName: clusterName },
      period: EVERY,
    });
  return [
    [
      'Jobs begun and ended',
      [run.metricStarted(SUM), run.metricSucceeded(SUM), run.metricFailed(SUM), run.metricAborted(SUM)],
    ],
    ['Requests of clients', [api.metricCount(SUM), api.metricClientError(SUM), api.metricServerError(SUM)]],
    [
      'Time of an answer',
      [
        api.metricLatency({ period: EVERY, statistic: 'p50' }),
        api.metricLatency({ period: EVERY, statistic: 'p99' }),
      ],
    ],
    ['Reports of nodes', functions['state-report'] ? [functions['state-report'].metricInvocations(SUM)] : []],
    ['Cores and memory that nodes use', [cluster('CPUUtilization'), cluster('MemoryUtilization')]],
    ['Errors of functions', all.map((one) => one.metricErrors(SUM))],
    [
      'Throttled functions and table',
      [...all.map((one) => one.metricThrottles(SUM)), throttles(table, 'Read'), throttles(table, 'Write')],
    ],
    ['How far consumers of changes are behind', lagOf(functions)],
    [
      'Put aside',
      deadLetters.map((queue) => queue.metricApproximateNumberOfMessagesVisible({ period: EVERY })),
    ],
  ];
}

function lagOf(functions: Readonly<Record<string, LambdaFunction>>): IMetric[] {
  const consumers = ['advance-jobs', 'publish-events'].flatMap((name) => functions[name] ?? []);
  return consumers.map((one) => one.metric('IteratorAge', { period: EVERY, statistic: 'Maximum' }));
}

/** Requests that a table refused because there were too many. */
function throttles(table: ITable, kind: 'Read' | 'Write'): IMetric {
  return new Metric({
    namespace: 'AWS/DynamoDB',
    metricName: `${kind}ThrottleEvents`,
    dimensionsMap: { TableName: table.tableName },
    ...SUM,
  });
}
