import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as z from 'zod';
import type { ServedImages } from './serve-images.ts';
import { AUDIENCE, type TokenIssuer } from './token-issuer.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
export const STACK = 'sluice';

const outputsSchema = z.object({
  [STACK]: z.object({
    ApiId: z.string(),
    FullAccessPolicy: z.string(),
    ReadOnlyPolicy: z.string(),
    TokenEndpoint: z.string().optional(),
    TableName: z.string(),
    StateMachine: z.string(),
    NodeLog: z.string(),
    JobTopic: z.string(),
    TaskTopic: z.string(),
    NodeTopic: z.string(),
  }),
});

/** What the deployed stack says of itself. */
export type StackOutputs = z.infer<typeof outputsSchema>[typeof STACK];

export interface Target {
  /** The address of all services. */
  readonly endpoint: string;
  readonly region: string;
  readonly account: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Nodes that there may be at once: two cores carry no more. */
export const MAX_NODES = 4;

/** Where images are. */
type ImageHosts = Pick<ServedImages, 'host' | 'guarded'>;

/** Deploys the stack as a user would: `cdk bootstrap`, then `cdk deploy`, with settings for a trial. */
export async function deployStack(
  target: Target,
  nodeImage: string,
  images: ImageHosts,
  issuer?: TokenIssuer,
): Promise<StackOutputs> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-deploy-'));
  try {
    // Outside of the project, where there is no app that would be synthesized for nothing.
    await cdk(target, folder, ['bootstrap', `aws://${target.account}/${target.region}`]);
    const outputs = join(folder, 'outputs.json');
    const settings = { ...contextFor(target, nodeImage, images), ...(issuer && tokensOf(issuer)) };
    const context = Object.entries(settings).flatMap((pair) => ['--context', pair.join('=')]);
    const places = ['--output', join(folder, 'cdk.out'), '--outputs-file', outputs];
    await cdk(target, ROOT, ['deploy', '--require-approval', 'never', ...places, ...context]);
    return outputsSchema.parse(JSON.parse(readFileSync(outputs, 'utf8')))[STACK];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function contextFor(target: Target, nodeImage: string, { host, guarded }: ImageHosts) {
  const { port } = new URL(target.endpoint);
  // The emulator's APIs have no addresses of their own on the network; containers reach this machine by this name.
  const endpoint = `http://host.docker.internal:${port}/restapis/{apiId}/prod/_user_request_`;
  return {
    removable: true,
    maxNodes: MAX_NODES,
    nodeImage,
    // Nothing can be pulled from Docker Hub in tests: what jobs name of it is in a registry here.
    plainHttpRegistries: `${host},${guarded.host}`,
    registryMirrors: `docker.io=${host}`,
    // What ECS is told, as in a deployment without settings: containers run on this machine all the same.
    nodeArm: true,
    nodeEndpoint: endpoint,
    closedNetwork: true,
    closedNodeEndpoint: endpoint,
  };
}

/** The settings by which tokens of an issuer are taken. */
const tokensOf = ({ address }: TokenIssuer) => ({
  jwtIssuer: address,
  jwtAudience: AUDIENCE,
  jwtFullAccess: 'scope=sluice.write',
  jwtReadOnly: 'scope=sluice.read',
});

async function cdk(target: Target, cwd: string, command: readonly string[]): Promise<void> {
  // Nothing of how this user reaches an account of theirs.
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  const env = {
    ...Object.fromEntries(others),
    PATH: `${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}`,
    AWS_ENDPOINT_URL: target.endpoint,
    AWS_REGION: target.region,
    AWS_ACCESS_KEY_ID: target.accessKeyId,
    AWS_SECRET_ACCESS_KEY: target.secretAccessKey,
    CI: 'true',
  };
  try {
    await run('cdk', [...command, '--no-notices'], { cwd, env, maxBuffer: 2 ** 26 });
  } catch (error) {
    const { stdout = '', stderr = '' } = error as { stdout?: string; stderr?: string };
    throw new Error(
      `cdk ${command[0]} failed:\n${`${stdout}\n${stderr}`.trim().split('\n').slice(-30).join('\n')}`,
    );
  }
}
