import * as z from 'zod';
import { useLimitsSchema } from '../../shared/core/admission/use-limits.ts';
import type { FargateCapacity } from '../../shared/core/fargate/fargate-plan.ts';

const text = z.string().min(1);
const count = z.coerce.number().int().positive();

/** The table that holds all state. */
const table = { TABLE_NAME: text };
/** How many nodes there may be at once, with how many vCPUs, and what they are by default. */
const capacity = { MAX_NODES: count, MAX_VCPU: count, NODE_ARCHITECTURE: z.enum(['ARM64', 'X86_64']) };
const nodeSubnets = z.array(
  z.object({ id: text, zone: text.exactOptional(), way: z.enum(['PUBLIC', 'PRIVATE', 'CLOSED']) }),
);
/** Where nodes may run: see `NodeRegion`. */
const nodeRegion = {
  NODE_REGION: json(
    z.object({
      region: text,
      aliases: z.record(z.string(), z.string()),
      subnets: nodeSubnets,
      securityGroups: z.array(text),
      closed: z
        .object({
          subnets: nodeSubnets,
          securityGroups: z.array(text),
          registries: z.array(text),
          image: text,
          endpoint: text,
        })
        .exactOptional(),
    }),
  ),
};
/** Where copies of registries are. */
const mirrors = { REGISTRY_MIRRORS: json(z.record(z.string(), z.string())) };
/** Roles by the e-mails of service accounts. */
const serviceAccounts = { SERVICE_ACCOUNTS: json(z.record(z.string(), z.string())) };
/** What task definitions of nodes are made of. */
const nodes = {
  NODE_IMAGE: text,
  NODE_ENDPOINT: text,
  NODE_LOG_GROUP: text,
  TASK_ROLE_ARN: text,
  EXECUTION_ROLE_ARN: text,
  FAMILY_PREFIX: text,
  ...mirrors,
  /** Registries that are asked without encryption, joined by commas. */
  PLAIN_HTTP_REGISTRIES: z.string().transform((hosts) => hosts.split(',').filter(Boolean)),
};
/** How much of that jobs may take at once: the JSON of `UseLimits`. */
const limits = { LIMITS: json(useLimitsSchema) };
const workflow = { STATE_MACHINE_ARN: text };
/** How names of secrets and keys stand for those of the account: the JSON of `SecretRules`. */
const secrets = {
  SECRETS: json(z.object({ secretName: text, keyAlias: text, secretArns: z.array(text) })),
};
/** What the names of secrets begin with that hold logins of registries while their job runs. */
const logins = { LOGIN_PREFIX: text };
/** Where nodes write what their tasks do. */
const nodeLog = { NODE_LOG_GROUP: text };
const cluster = { CLUSTER_NAME: text };

/** The topics of the deployment's own, and which of others jobs may name. */
const topics = { JOB_TOPIC: text, TASK_TOPIC: text, NODE_TOPIC: text, TOPIC_RULE: text };

/** What each function needs to know of its deployment. The stack sets exactly this; see `EnvironmentOf`. */
export const environments = {
  'advance-jobs': z.object({ ...table, ...capacity, ...limits, ...workflow }),
  'authorize-token': z.object({
    JWT_ISSUER: text,
    JWT_AUDIENCE: text,
    JWT_KEYS_URL: text,
    JWT_FULL_ACCESS: z.string(),
    JWT_READ_ONLY: z.string(),
  }),
  'claim-node': z.object({ ...table, ...secrets }),
  'close-seat': z.object(table),
  'finish-job': z.object({ ...table, ...nodeLog, ...logins }),
  'give-up-job': z.object({ ...table, ...nodeLog, ...logins, ...workflow, ...cluster }),
  'jobs-api': z.object({
    ...table,
    ...nodeLog,
    ...secrets,
    TOPIC_RULE: text,
    ...capacity,
    ...limits,
    ...nodeRegion,
    ...mirrors,
    ...serviceAccounts,
  }),
  'list-seats': z.object(table),
  'open-seat': z.object({ ...table, ZONE: text }),
  'plan-job': z.object({
    ...table,
    ...capacity,
    ...nodes,
    ...nodeRegion,
    ...serviceAccounts,
    ...secrets,
    ...logins,
    /** The KMS key of those secrets; empty for Secrets Manager's own. */
    LOGIN_KEY: z.string(),
  }),
  'publish-events': z.object({ ...table, ...topics, PUT_ASIDE_URL: text }),
  'state-report': z.object(table),
  'sweep-jobs': z.object({
    ...table,
    ...capacity,
    ...limits,
    ...workflow,
    ...cluster,
    ...logins,
    RETENTION_DAYS: count,
  }),
  'wait-for-stage': z.object(table),
  'watch-node': z.object(table),
} as const;

export type FunctionName = keyof typeof environments;

/** Functions that are there in some deployments only. */
export const optionalFunctions = ['authorize-token'] as const satisfies readonly FunctionName[];
export type RegularFunction = Exclude<FunctionName, (typeof optionalFunctions)[number]>;

/** The variables of a function as text, for the stack that sets them. */
export type EnvironmentOf<Name extends FunctionName> = {
  readonly [Variable in keyof z.infer<(typeof environments)[Name]>]: string;
};

/** Reads and checks a function's variables, once, when it is loaded; the error names what is missing. */
export function environmentOf<Name extends FunctionName>(
  name: Name,
  given: NodeJS.ProcessEnv = process.env,
): z.infer<(typeof environments)[Name]> {
  const read = environments[name].safeParse(given);
  if (read.success) return read.data as z.infer<(typeof environments)[Name]>;
  const problems = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new Error(`the function ${name} is not configured: ${problems.join('; ')}`);
}

/** What a deployment offers to one group. */
export function capacityOf(env: {
  MAX_NODES: number;
  MAX_VCPU: number;
  NODE_ARCHITECTURE: FargateCapacity['architecture'];
}): FargateCapacity {
  return { maxNodes: env.MAX_NODES, maxVcpu: env.MAX_VCPU, architecture: env.NODE_ARCHITECTURE };
}

/** A variable that holds JSON of a form. */
function json<Schema extends z.ZodType>(schema: Schema) {
  return z
    .string()
    .transform((given, context): unknown => {
      try {
        return JSON.parse(given);
      } catch {
        context.addIssue({ code: 'custom', message: 'must be JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);
}
