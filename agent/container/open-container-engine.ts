import type { ContainerEngine } from './container-engine.ts';
import { DockerEngine } from './docker/docker-engine.ts';

/** A node that is to run containers. */
export interface ContainerNode {
  /** The agent's environment, which says where the engine is. */
  readonly own: NodeJS.ProcessEnv;
  readonly runDir: string;
  readonly instance: string;
  readonly jobUid: string;
}

/** What runs containers on this node. It is not asked anything before the first container. */
export function openContainerEngine(node: ContainerNode): ContainerEngine {
  return new DockerEngine(node);
}
