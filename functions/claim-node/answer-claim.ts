import * as z from 'zod';
import { invalidField } from '../../shared/contract/error.ts';
import { parseBody } from '../jobs-api/json-body.ts';
import type { HttpAnswer, HttpRequest } from '../jobs-api/routes.ts';
import { answerJson } from '../lambda/answer-json.ts';
import { type ClaimNodePorts, claimNode, type NodeSelf } from './claim-node.ts';

const nodeSelf = z.object({
  taskArn: z.string().max(2048).optional(),
  logStream: z.string().max(512).optional(),
  zone: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .optional(),
});
const BODY_BYTES = 16 * 1024;

/** Folders of a node, as the agent's configuration names them. */
export interface NodeFolders {
  readonly workDir: string;
  readonly logDir: string;
  readonly runDir: string;
}

export interface ClaimPorts extends ClaimNodePorts {
  /** The agent's bundle. */
  readonly agent: string;
  readonly folders: NodeFolders;
  readonly logError: (error: unknown) => void;
}

/** Answers a node's claim with its agent and its configuration. */
export function answerClaim(ports: ClaimPorts, request: HttpRequest): Promise<HttpAnswer> {
  return answerJson(async () => {
    const self = readSelf(parseBody(request.body, BODY_BYTES));
    const config = await claimNode(ports, request.headers.authorization, self);
    return { config: { ...config, ...ports.folders }, agent: ports.agent };
  }, ports.logError);
}

function readSelf(body: unknown): NodeSelf {
  const read = nodeSelf.safeParse(body ?? {});
  if (!read.success)
    throw invalidField('', 'the body must be {"taskArn": TEXT, "logStream": TEXT, "zone": TEXT}');
  return JSON.parse(JSON.stringify(read.data)) as NodeSelf;
}
