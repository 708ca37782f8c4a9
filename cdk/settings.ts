import type { Node } from 'constructs';
import * as z from 'zod';

const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]);
const number = z.coerce.number().int().positive();

/** What can be chosen for a deployment, each with `cdk deploy --context NAME=VALUE`. */
const settingsSchema = z.object({
  /** The stack's name: several deployments live side by side in an account. */
  stackName: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,39}$/)
    .default('sluice'),
  /** Nodes at once, of all jobs together. Fargate's quota of vCPUs bounds it too. */
  maxNodes: number.max(5_000).default(100),
  /** Size of a node; Fargate has certain pairs of cores and memory only. */
  nodeCores: z.coerce
    .number()
    .pipe(z.union([z.literal(1), z.literal(2), z.literal(4), z.literal(8), z.literal(16)]))
    .default(1),
  nodeMemoryMib: number.default(2_048),
  /** A stock image with Node.js 24 and a shell. */
  nodeImage: z.string().min(1).default('node:24-slim'),
  nodeArm: flag.default(true),
  /** Where nodes reach the API, when that is not its public address; `{apiId}` stands for its id. */
  nodeEndpoint: z.string().optional(),
  /** A key of this account's own for the table. */
  ownKey: flag.default(false),
  /** Everything goes with the stack, the table too. */
  removable: flag.default(false),
  /** The account has a role for API Gateway's logs already. */
  hasApiLogRole: flag.default(false),
});
export type Settings = z.infer<typeof settingsSchema>;

/** The settings in an app's context, with defaults; the error names what is wrong. */
export function readSettings(node: Node): Settings {
  const given = Object.keys(settingsSchema.shape).map((name) => [name, node.tryGetContext(name) as unknown]);
  const read = settingsSchema.safeParse(Object.fromEntries(given));
  if (read.success) return read.data;
  throw new Error(`the context of the app is wrong: ${z.prettifyError(read.error)}`);
}
