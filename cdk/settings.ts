import type { Node } from 'constructs';
import * as z from 'zod';
import { nearestName } from '../shared/contract/proto/nearest-name.ts';
import { LIMITED_PROJECT, PROJECT_LIMIT } from '../shared/core/admission/use-limits.ts';
import { closedNodeImage, ECR_IMAGE, isPulledWithin } from './closed-node-image.ts';
import { beginning, loginPrefix } from './secret-prefixes.ts';
import { count, flag, list, oneOf, table, text } from './setting-forms.ts';

/** Days that CloudWatch Logs knows. */
const LOG_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

const PLACE = /^[a-z]+(?:-[a-z0-9]+)+$/;
/** A zone may stand behind it: only then can jobs ask for zones. */
const SUBNET = /^subnet-(?:[0-9a-f]{8}|[0-9a-f]{17})(?:=[a-z]{2}(?:-[a-z]+)+-\d[a-z])?$/;
const SUBNET_FORM = "a subnet's id, such as `subnet-0a1b2c3d`, or with its zone `subnet-0a1b2c3d=us-east-1a`";
const CLAIM_RULE = /^[^\s,=]+=[^,]+$/;
const TOPIC = /^arn:[a-z-]+:sns:[a-z0-9-]+:\d{12}:[\w-]+(?:\.fifo)?$/;
const ROLE = /^arn:[a-z-]+:iam::\d{12}:role\/.+$/;

/**
 * What can be chosen for a deployment: in a `cdk deploy --context NAME=VALUE`, in the context of `cdk.json`, or as props of the
 * construct. To add one, add it here with its comment, which is what the documentation shows, and use it.
 */
export const settingsSchema = z.object({
  /** Begins the names of all that is deployed, and is the stack's: several deployments live side by side in an account. */
  name: text(/^[A-Za-z][A-Za-z0-9-]{0,39}$/, 'letters, digits and `-`, a letter first, 40 at most').default(
    'sluice',
  ),
  /** The account to deploy to; without it the one whose credentials are used. */
  account: text(/^\d{12}$/, 'twelve digits').optional(),
  /** The region to deploy to; without it the one that the credentials are set up for. */
  region: text(/^[a-z]{2}(-[a-z]+)+-\d$/, "a region's name, such as `us-east-1`").optional(),

  /** Nodes at once, of all jobs together. Fargate's quota of vCPUs bounds it too. */
  maxNodes: count(1, 5_000).default(100),
  /** vCPUs of all nodes together. Nodes are sized for their job; this bounds what it may take. The account's quota for Fargate, or below. */
  maxVcpus: count(1, 80_000).default(100),
  /** Jobs that run at once; the others wait in the queue. */
  maxJobs: count(1, 10_000).default(1_000),
  /** What the jobs of one project may take at once; `*` stands for every project that is not named. */
  projectLimits: table(
    LIMITED_PROJECT,
    PROJECT_LIMIT,
    '`PROJECT=nodes:40/vcpus:160/jobs:5`, with any of the three',
  ).default({}),
  /** What nodes of jobs run that name no image: a stock image with Node.js 24 and a shell. */
  nodeImage: text(/^\S+$/, 'the name of an image').default('node:24-slim'),
  /** Nodes have arm64 processors, which cost a fifth less than x86_64, unless a job's machine type or one of its images says otherwise. */
  nodeArm: flag.default(true),
  /** Where copies of a registry's images are: images of Docker Hub come by ECR's cache with `docker.io=ACCOUNT.dkr.ecr.REGION.amazonaws.com/docker-hub`, say. */
  registryMirrors: table(
    /^[A-Za-z0-9.-]+(?::\d{1,5})?$/,
    /^[A-Za-z0-9.-]+(?::\d{1,5})?(?:\/[a-z0-9._/-]+)?$/,
    '`REGISTRY=HOST` or `REGISTRY=HOST/PREFIX`',
  ).default({}),
  /** Registries of images that are asked without encryption, and reached from a closed network too. For trials. */
  plainHttpRegistries: list(
    /^[A-Za-z0-9.-]+(?::\d{1,5})?$/,
    'a host, with a port where it needs one',
  ).default([]),
  /** Where nodes reach the API, when that is not its public address; `{apiId}` stands for its id. */
  nodeEndpoint: text(/^https?:\/\/\S+$/, 'an address with http:// or https://').optional(),

  /** An existing VPC for nodes; without it a new one is made, without NAT gateway. Wants `subnetIds`. */
  vpcId: text(/^vpc-(?:[0-9a-f]{8}|[0-9a-f]{17})$/, "a VPC's id, such as `vpc-0a1b2c3d`").optional(),
  /** The subnets of `vpcId` in which nodes run. They must lead to the internet, or to endpoints of ECR, S3 and the API. */
  subnetIds: list(SUBNET, SUBNET_FORM).default([]),
  /** Further subnets of `vpcId`, without public addresses, that lead out by a NAT gateway or endpoints: for jobs with `noExternalIpAddress`. */
  privateSubnetIds: list(SUBNET, SUBNET_FORM).default([]),
  /** A NAT gateway in the new VPC, for jobs with `noExternalIpAddress`. It costs while idle. */
  natGateway: flag.default(false),
  /** Nodes have public addresses. Without it: yes in a new VPC, which has no NAT gateway, and no in an existing one. */
  publicIp: flag.optional(),

  /**
   * A network without a way out, for containers with `blockExternalNetwork`: a VPC of its own with endpoints of ECR, CloudWatch
   * Logs, S3 and a private API. It costs while idle: eight endpoints in all, at about 0.01 US dollars an hour each.
   */
  closedNetwork: flag.default(false),
  /** What nodes run in the closed network, where they can pull from ECR of this account and region alone: a copy of `nodeImage`. Without it, its mirror. */
  closedNodeImage: text(
    ECR_IMAGE,
    'an image in ECR, such as `123456789012.dkr.ecr.us-east-1.amazonaws.com/node:24-slim`',
  ).optional(),
  /** S3's prefix list in this region, to which nodes in the closed network may then speak, beside its endpoints. Without it the routes alone bound them to these. */
  closedS3PrefixList: text(/^pl-[0-9a-f]{8,17}$/, "a prefix list's id, such as `pl-0a1b2c3d`").optional(),
  /** Where nodes in the closed network reach their API, when that is not at its endpoint; `{apiId}` stands for its id. For trials. */
  closedNodeEndpoint: text(/^https?:\/\/\S+$/, 'an address with http:// or https://').optional(),

  /** Google's names for this region and its zones, for job files written there. A name alone stands for this region. */
  locationAliases: table(
    PLACE,
    /^(?:[a-z]{2}(?:-[a-z]+)+-\d[a-z]?)?$/,
    '`us-central1` or `us-central1-a=us-east-1a`',
  ).default({}),
  /** Service accounts that jobs may name, and the IAM role that each stands for. */
  serviceAccounts: table(/^\S+@\S+$/, ROLE, '`EMAIL=ROLE-ARN`').default({}),

  /** The issuer of tokens, as their `iss` claim has it; with it clients may send a bearer token to an endpoint of its own. */
  jwtIssuer: text(/^https:\/\/\S+$/, 'an address with https://').optional(),
  /** Whom tokens must be meant for: one of these in their `aud` claim. */
  jwtAudience: list(/^[^\s,]+$/, 'an audience').default([]),
  /** Where the issuer's keys are; without it `.well-known/jwks.json` below the issuer. */
  jwtKeysUrl: text(/^https:\/\/\S+$/, 'an address with https://').optional(),
  /** Claims of which one lets a token call everything. `*` is any value. */
  jwtFullAccess: list(CLAIM_RULE, '`CLAIM=VALUE`, such as `scope=sluice.write`').default([]),
  /** Claims of which one lets a token get and list. */
  jwtReadOnly: list(CLAIM_RULE, '`CLAIM=VALUE`, such as `scope=sluice.read`').default([]),

  /**
   * Topics of events keep the order of each job, task and node, and drop repeats: SNS FIFO topics, to which only queues can
   * subscribe. `false` makes standard topics, which e-mail, HTTP and functions can subscribe to, and which keep neither.
   */
  orderedTopics: flag.default(true),
  /** The SNS topic of this account that a topic in a job stands for: `{topic}` is its name, `{project}` its project. */
  notificationTopics: text(
    /^(?=.*\{topic\})(?:[\w-]|\{topic\}|\{project\})+$/,
    '`{topic}`, or a name with `{topic}` in it, such as `batch-{topic}`',
  ).default('{topic}'),
  /** Further topics that jobs may name by their ARNs, such as those of another account, which must let this one publish. */
  notificationTopicArns: list(TOPIC, "a topic's ARN").default([]),

  /** How a secret's name `projects/P/secrets/S` stands for one in Secrets Manager. What comes before `{` bounds what the service may read. */
  secretName: text(
    /^[\w/+=.@-]+\{(?:project|secret)\}[\w/+=.@{}-]*$/,
    'a name with `{project}` and `{secret}` in it',
  ).default('sluice/{project}/{secret}'),
  /** Secrets of Secrets Manager that all jobs may name by their ARNs. */
  secretArns: list(/^arn:[a-z-]+:secretsmanager:[a-z0-9-]+:\d{12}:secret:\S+$/, "a secret's ARN").default([]),
  /** How a key's name `…/cryptoKeys/K` stands for an alias in KMS. What comes before `{` bounds which keys may decrypt. */
  keyAlias: text(/^alias\/[\w/-]+\{key\}[\w/-]*$/, 'an alias with `{key}` in it').default(
    'alias/sluice/{key}',
  ),

  /** Days that a finished job is kept with its history. */
  retentionDays: count(1, 3_650).default(60),
  /** Days that logs are kept: output of tasks, and what the service itself writes. */
  logRetentionDays: oneOf(LOG_DAYS).default(30),
  /** Calls of the API and of functions are traced in X-Ray, which costs by the trace. */
  traceCalls: flag.default(false),
  /** Who is told of alarms; the address must be confirmed once by a link in a first message. */
  alarmEmail: text(/^[^@\s]+@[^@\s]+$/, 'an e-mail address').optional(),

  /** A new key of this account's own encrypts the table, the topics and the logins of registries, for a monthly fee. Without it, keys that AWS owns. */
  ownKey: flag.default(false),
  /** Everything goes with the stack, the table too. For trials. */
  removable: flag.default(false),
  /** The account has a role for API Gateway's logs already. */
  hasApiLogRole: flag.default(false),
});
export type Settings = z.infer<typeof settingsSchema>;
export type SettingName = keyof Settings;

export const settingNames = Object.keys(settingsSchema.shape) as SettingName[];

/** What belongs together; one line for each rule. */
function* conflicts(settings: Settings): Generator<readonly [SettingName, string]> {
  const { vpcId, subnetIds, privateSubnetIds, natGateway } = settings;
  const { jwtIssuer, jwtAudience, jwtFullAccess, jwtReadOnly } = settings;
  const begins = beginning(settings.secretName);
  const taken = loginPrefix(settings.name);
  if (begins.startsWith(taken) || taken.startsWith(begins))
    yield [
      'secretName',
      `must name no secret like ${taken}…, where this deployment keeps logins of registries; given: "${settings.secretName}"`,
    ];
  if (vpcId !== undefined && subnetIds.length === 0)
    yield ['subnetIds', `must name at least one subnet of ${vpcId}; given: none`];
  const subnets = [...subnetIds, ...privateSubnetIds];
  if (vpcId === undefined && subnets.length > 0)
    yield ['vpcId', `must name the VPC of ${subnets.join(', ')}; given: none`];
  if (vpcId !== undefined && natGateway)
    yield ['natGateway', 'must be false in a VPC that is there already; given: true'];
  yield* closedConflicts(settings);
  if (jwtIssuer !== undefined && jwtAudience.length === 0)
    yield ['jwtAudience', 'must name whom tokens are meant for, as there is a jwtIssuer; given: none'];
  if (jwtIssuer !== undefined && jwtFullAccess.length + jwtReadOnly.length === 0)
    yield ['jwtFullAccess', 'or jwtReadOnly must say which tokens give access; given: neither'];
  for (const name of ['jwtAudience', 'jwtKeysUrl', 'jwtFullAccess', 'jwtReadOnly'] as const)
    if (jwtIssuer === undefined && (settings[name]?.length ?? 0) > 0)
      yield [name, `means nothing without jwtIssuer; given: ${JSON.stringify(settings[name])}`];
}

function* closedConflicts(settings: Settings): Generator<readonly [SettingName, string]> {
  for (const name of ['closedNodeImage', 'closedS3PrefixList', 'closedNodeEndpoint'] as const)
    if (!settings.closedNetwork && settings[name] !== undefined)
      yield [name, `means nothing without closedNetwork; given: ${JSON.stringify(settings[name])}`];
  if (settings.closedNetwork && !isPulledWithin(closedNodeImage(settings), settings))
    yield [
      'closedNodeImage',
      `must name a copy of ${settings.nodeImage} in ECR, from which alone a closed network pulls; given: none`,
    ];
}

/** Settings with their defaults. The error says of each one that is wrong what is allowed and what was given. */
export function readSettings(given: Readonly<Record<string, unknown>>): Settings {
  const problems = Object.keys(given)
    .filter((name) => given[name] !== undefined && !Object.hasOwn(settingsSchema.shape, name))
    .map((name) => `${name} is no setting${didYouMean(name)}; there are: ${settingNames.join(', ')}`);
  const read = settingsSchema.safeParse(given);
  if (!read.success) {
    const wrong = new Set(read.error.issues.map(({ path }) => path[0] as SettingName));
    for (const name of wrong)
      problems.push(`${name} must be ${allowedFor(name)}; given: ${JSON.stringify(given[name])}`);
  } else {
    for (const [name, problem] of conflicts(read.data)) problems.push(`${name} ${problem}`);
  }
  if (read.success && problems.length === 0) return read.data;
  throw new Error(`settings of the deployment are wrong:\n${problems.map((line) => `  ${line}`).join('\n')}`);
}

/** The settings in the context of an app of Sluice's own; all its plain names are settings, CDK's have `:` or `/` in them. */
export function settingsInContext(node: Node): Settings {
  const context = Object.entries(node.getAllContext() as Record<string, unknown>);
  return readSettings(Object.fromEntries(context.filter(([name]) => !/[:/@]/.test(name))));
}

/** What a setting takes, in words. */
export function allowedFor(name: SettingName): string {
  const schema: z.ZodType & { unwrap?: () => z.ZodType } = settingsSchema.shape[name];
  return (schema.unwrap?.() ?? schema).description ?? '';
}

function didYouMean(name: string): string {
  const nearest = nearestName(name, settingNames);
  return nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
}
