import { Aws, Duration, Stack } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { EnvironmentOf, FunctionName, RegularFunction } from '../../functions/lambda/environment.ts';
import { readProjectLimits, type UseLimits } from '../../shared/core/admission/use-limits.ts';
import type { ClosedNetwork } from '../../shared/core/fargate/node-places.ts';
import { loginPrefix } from '../secret-prefixes.ts';
import type { Settings } from '../settings.ts';
import type { EventTopics } from './event-topics.ts';
import { type NodeCluster, nodeLogName } from './node-cluster.ts';
import type { NodeNetwork } from './node-network.ts';
import { ServiceFunction } from './service-function.ts';

export interface ServiceFunctionsProps {
  readonly settings: Settings;
  readonly tableName: string;
  /** The key of this account's own, where there is one. */
  readonly loginKey: string | undefined;
  readonly stateMachineArn: string;
  /** Where events go. */
  readonly topics: EventTopics['environment'];
  readonly cluster: NodeCluster;
  readonly network: NodeNetwork;
  /** Where nodes without a way out run, where there is such a place. */
  readonly closed: ClosedNetwork | undefined;
  /** Where nodes reach the service. */
  readonly nodeEndpoint: string;
  /** The folder of all bundles. */
  readonly bundles: string;
}

/** What a function that writes thousands of records, or stops thousands of nodes, may take. */
const LONG = Duration.minutes(15);
const ANSWER = Duration.seconds(29);
const SHORT = Duration.minutes(5);

/** All functions with their environments; who may do what is granted where the parts are put together. */
export class ServiceFunctions extends Construct {
  readonly all: Readonly<Record<RegularFunction, LambdaFunction>>;
  /** Where there is a JWT issuer. */
  readonly authorizeToken: LambdaFunction | undefined;

  constructor(scope: Construct, props: ServiceFunctionsProps) {
    super(scope, 'Functions');
    const { settings, bundles, topics } = props;
    const table = { TABLE_NAME: props.tableName };
    const capacity = {
      MAX_NODES: String(settings.maxNodes),
      MAX_VCPU: String(settings.maxVcpus),
      NODE_ARCHITECTURE: settings.nodeArm ? 'ARM64' : 'X86_64',
    };
    const limits = { LIMITS: JSON.stringify(limitsOf(settings)) };
    const nodeLog = { NODE_LOG_GROUP: nodeLogName(this) };
    const { secretName, keyAlias, secretArns } = settings;
    const secrets = { SECRETS: JSON.stringify({ secretName, keyAlias, secretArns }) };
    const logins = { LOGIN_PREFIX: loginPrefix(settings.name) };
    const workflow = { STATE_MACHINE_ARN: props.stateMachineArn };
    const cluster = { CLUSTER_NAME: props.cluster.clusterName };
    const places = {
      NODE_REGION: Stack.of(this).toJsonString({
        region: Aws.REGION,
        aliases: settings.locationAliases,
        subnets: props.network.subnets,
        securityGroups: [props.network.securityGroup.securityGroupId],
        ...(props.closed === undefined ? {} : { closed: props.closed }),
      }),
      SERVICE_ACCOUNTS: JSON.stringify(settings.serviceAccounts),
    };
    const mirrors = { REGISTRY_MIRRORS: JSON.stringify(settings.registryMirrors) };
    const nodes = {
      ...mirrors,
      NODE_IMAGE: settings.nodeImage,
      NODE_ENDPOINT: props.nodeEndpoint,
      NODE_LOG_GROUP: props.cluster.logGroup.logGroupName,
      TASK_ROLE_ARN: props.cluster.taskRole.roleArn,
      EXECUTION_ROLE_ARN: props.cluster.executionRole.roleArn,
      FAMILY_PREFIX: props.cluster.familyPrefix,
      PLAIN_HTTP_REGISTRIES: settings.plainHttpRegistries.join(),
    };
    const make = <Name extends FunctionName>(
      name: Name,
      description: string,
      timeout: Duration,
      environment: EnvironmentOf<Name>,
      memoryMib = 512,
    ) =>
      new ServiceFunction(this, {
        name,
        bundles,
        description,
        timeout,
        environment,
        memoryMib,
        logDays: settings.logRetentionDays,
        isTraced: settings.traceCalls,
      }).function;
    const tokens = tokenRules(settings);
    this.authorizeToken =
      tokens && make('authorize-token', 'Checks bearer tokens of clients', Duration.seconds(10), tokens);
    this.all = {
      'jobs-api': make(
        'jobs-api',
        'Answers clients',
        ANSWER,
        {
          ...table,
          ...nodeLog,
          ...secrets,
          ...capacity,
          ...limits,
          ...places,
          ...mirrors,
          TOPIC_RULE: topics.TOPIC_RULE,
        },
        1024,
      ),
      'state-report': make('state-report', 'Takes reports of nodes', ANSWER, table, 1024),
      'claim-node': make('claim-node', 'Gives nodes their agent and configuration', ANSWER, {
        ...table,
        ...secrets,
      }),
      'advance-jobs': make(
        'advance-jobs',
        'Consumes the change feed',
        SHORT,
        { ...table, ...capacity, ...limits, ...workflow },
        1024,
      ),
      'plan-job': make(
        'plan-job',
        'Turns a job into groups and seats, and registers what its nodes are made of',
        LONG,
        {
          ...table,
          ...capacity,
          ...places,
          ...nodes,
          ...secrets,
          ...logins,
          LOGIN_KEY: props.loginKey ?? '',
        },
        1024,
      ),
      'publish-events': make(
        'publish-events',
        'Publishes what the change feed tells',
        SHORT,
        { ...table, ...topics },
        1024,
      ),
      'list-seats': make('list-seats', 'Lists the seats of a group', Duration.minutes(1), table),
      'open-seat': make('open-seat', 'Opens a seat for its next node', SHORT, { ...table, ZONE: Aws.REGION }),
      'close-seat': make('close-seat', 'Takes the tasks from a node that is gone', SHORT, table),
      'wait-for-stage': make('wait-for-stage', 'Keeps the token of a stage', Duration.minutes(1), table),
      'watch-node': make('watch-node', 'Takes note of what ECS says of nodes', Duration.minutes(1), table),
      'finish-job': make(
        'finish-job',
        "Writes a job's outcome",
        LONG,
        { ...table, ...nodeLog, ...logins },
        1024,
      ),
      'give-up-job': make(
        'give-up-job',
        'Ends a job whose run broke off',
        LONG,
        { ...table, ...nodeLog, ...logins, ...workflow, ...cluster },
        1024,
      ),
      'sweep-jobs': make(
        'sweep-jobs',
        'Finds what every other path missed',
        LONG,
        {
          ...table,
          ...capacity,
          ...limits,
          ...workflow,
          ...cluster,
          ...logins,
          RETENTION_DAYS: String(settings.retentionDays),
        },
        1024,
      ),
    };
  }
}

/** What jobs may take at once. */
function limitsOf({ maxNodes, maxVcpus, maxJobs, projectLimits }: Settings): UseLimits {
  return {
    deployment: { jobs: maxJobs, nodes: maxNodes, cpuMilli: maxVcpus * 1000 },
    projects: readProjectLimits(projectLimits),
  };
}

/** What tokens are checked against; undefined without an issuer. */
function tokenRules(settings: Settings): EnvironmentOf<'authorize-token'> | undefined {
  const { jwtIssuer, jwtAudience, jwtKeysUrl, jwtFullAccess, jwtReadOnly } = settings;
  if (jwtIssuer === undefined) return undefined;
  return {
    JWT_ISSUER: jwtIssuer,
    JWT_AUDIENCE: jwtAudience.join(),
    JWT_KEYS_URL: jwtKeysUrl ?? `${jwtIssuer.replace(/\/$/, '')}/.well-known/jwks.json`,
    JWT_FULL_ACCESS: jwtFullAccess.join(),
    JWT_READ_ONLY: jwtReadOnly.join(),
  };
}
