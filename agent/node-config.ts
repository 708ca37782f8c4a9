import type { NodeSecrets } from '../shared/ports/node-secrets.ts';
import { parseSiblings, type SiblingsConfig } from './sibling/sibling-config.ts';

/** What the launcher tells an agent: one line of JSON on its standard input, which no other program can read. */
export interface NodeConfig {
  /** Base address of the service, such as `http://127.0.0.1:8080`. */
  endpoint: string;
  /** A file that holds the endpoint; read again when the service cannot be reached, for it may have moved. */
  endpointFile?: string;
  /** `projects/{project}/locations/{location}`. */
  parent: string;
  jobId: string;
  taskGroupId: string;
  instance: string;
  /** An unsigned integer in decimal. */
  instanceId: string;
  zone: string;
  machineType: string;
  /** The seat's bearer token. */
  token: string;
  /** Working directory of runnables. */
  workDir: string;
  /** Folder for `{instance}.jsonl`, the node's output. */
  logDir: string;
  /** A folder of this agent alone: scripts, pipes and `groups`. Removed at a clean exit. */
  runDir: string;
  /** Runnables of the node's group are never root. */
  runAsNonRoot?: boolean;
  /** The containers beside the agent's, on a node that is a task on ECS. */
  siblings?: SiblingsConfig;
  /** What the service resolved for this node; with it no secret is looked for on this machine. */
  secrets?: NodeSecrets;
  /** JSON of secret names and values, with mode 600 or 400. */
  secretsFile?: string;
  /** Without an answer for so long the agent kills its tasks and ends. Default 120,000. */
  giveUpAfterMs?: number;
  /** The longest pause before a failed report is tried again. Default 5,000. */
  retryMaxMs?: number;
  /** From TERM to KILL. Default 5,000. */
  killGraceMs?: number;
  /** From SIGTERM to the kill of what runs. Default 0. */
  stopGraceMs?: number;
  /** Whether the node is Spot capacity, whose SIGTERM says that it is taken back. Default false. */
  isSpot?: boolean;
}

const REQUIRED = [
  'endpoint',
  'parent',
  'jobId',
  'taskGroupId',
  'instance',
  'instanceId',
  'zone',
  'machineType',
  'token',
  'workDir',
  'logDir',
  'runDir',
] as const satisfies readonly (keyof NodeConfig)[];
const OPTIONAL_TEXTS = ['endpointFile', 'secretsFile'] as const satisfies readonly (keyof NodeConfig)[];
const OPTIONAL_TIMES = [
  'giveUpAfterMs',
  'retryMaxMs',
  'killGraceMs',
  'stopGraceMs',
] as const satisfies readonly (keyof NodeConfig)[];

/**
 * Reads a launcher's line. Written by hand, for a schema library would double the agent's start-up time. Errors name
 * the field and never show a value: the token is among them.
 */
export function parseNodeConfig(line: string): NodeConfig {
  let given: Record<string, unknown>;
  try {
    given = JSON.parse(line) as Record<string, unknown>;
  } catch {
    throw new Error('node config: the first line of standard input must be one JSON object');
  }
  if (typeof given !== 'object' || given === null) throw new Error('node config: must be a JSON object');
  const config: Record<string, string | number | boolean | SiblingsConfig | NodeSecrets> = {};
  for (const name of REQUIRED) config[name] = text(given, name);
  for (const name of OPTIONAL_TEXTS) if (given[name] !== undefined) config[name] = text(given, name);
  for (const name of OPTIONAL_TIMES) if (given[name] !== undefined) config[name] = time(given, name);
  if (given.isSpot !== undefined) config.isSpot = flag(given, 'isSpot');
  if (given.runAsNonRoot !== undefined) config.runAsNonRoot = flag(given, 'runAsNonRoot');
  if (given.siblings !== undefined) config.siblings = parseSiblings(given.siblings);
  if (given.secrets !== undefined) config.secrets = parseSecrets(given.secrets);
  return config as unknown as NodeConfig;
}

function text(given: Record<string, unknown>, name: string): string {
  const value = given[name];
  if (typeof value === 'string' && value !== '') return value;
  throw new Error(`node config: ${name} must be a text that is not empty`);
}

function time(given: Record<string, unknown>, name: string): number {
  const value = given[name];
  if (typeof value === 'number' && value >= 0) return value;
  throw new Error(`node config: ${name} must be a number of milliseconds, at least 0`);
}

function flag(given: Record<string, unknown>, name: string): boolean {
  const value = given[name];
  if (typeof value === 'boolean') return value;
  throw new Error(`node config: ${name} must be true or false`);
}

function parseSecrets(given: unknown): NodeSecrets {
  const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;
  if (isObject(given) && Object.values(given).every(isObject)) return given as NodeSecrets;
  throw new Error('node config: secrets must be an object of names and what was found of each');
}
