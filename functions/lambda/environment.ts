import * as z from 'zod';
import { useLimitsSchema } from '../../shared/core/admission/use-limits.ts';

const text = z.string().min(1);
const count = z.coerce.number().int().positive();

/** The table that holds all state. */
const table = { TABLE_NAME: text };
/** What nodes are made of, and how many there may be at once. */
const capacity = { NODE_CORES: count, MAX_NODES: count };
/** How much of that jobs may take at once: the JSON of `UseLimits`. */
const limits = { LIMITS: z.string().transform(jsonOf).pipe(useLimitsSchema) };
const workflow = { STATE_MACHINE_ARN: text };
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
  'claim-node': z.object(table),
  'close-seat': z.object(table),
  'finish-job': z.object({ ...table, ...nodeLog }),
  'give-up-job': z.object({ ...table, ...nodeLog, ...workflow, ...cluster }),
  'jobs-api': z.object({
    ...table,
    ...nodeLog,
    TOPIC_RULE: text,
    LOCATIONS: text,
    NODE_MEMORY_MIB: count,
    ...capacity,
    ...limits,
  }),
  'list-seats': z.object(table),
  'open-seat': z.object({ ...table, ZONE: text, MACHINE_TYPE: text }),
  'plan-job': z.object({ ...table, ...capacity }),
  'publish-events': z.object({ ...table, ...topics, PUT_ASIDE_URL: text }),
  'state-report': z.object(table),
  'sweep-jobs': z.object({
    ...table,
    ...capacity,
    ...limits,
    ...workflow,
    ...cluster,
    RETENTION_DAYS: count,
  }),
  'wait-for-stage': z.object(table),
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
export function capacityOf(env: { NODE_CORES: number; MAX_NODES: number }) {
  return { nodeCores: env.NODE_CORES, maxNodes: env.MAX_NODES };
}

function jsonOf(given: string, context: z.RefinementCtx): unknown {
  try {
    return JSON.parse(given) as unknown;
  } catch {
    context.addIssue({ code: 'custom', message: 'must be JSON' });
    return z.NEVER;
  }
}
