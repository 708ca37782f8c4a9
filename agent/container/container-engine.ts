import type { ContainerRequest } from '../../shared/core/container/container-request.ts';
import type { RegistryCredentials } from '../../shared/ports/image-registry.ts';
import type { OutputSource } from '../output/output-line.ts';
import type { OutputTaker } from '../output/output-pipe.ts';
import type { Variables } from '../shell/environment.ts';

/** One run of one container runnable. */
export interface ContainerSpec {
  /** Which attempt of which task, and which of its runnables. */
  readonly source: OutputSource;
  readonly request: ContainerRequest;
  /** All variables of the job's, secrets among them; the image's own are below them. */
  readonly environment: Variables;
  /** Who pulls the image; absent for one that everybody may pull. */
  readonly credentials?: RegistryCredentials;
  /** It must not be root, nor become it. */
  readonly isNonRoot?: boolean;
  /** What the container may use; absent is no limit. */
  readonly cpuMilli?: number;
  readonly memoryMib?: number;
}

/** How a container ended. */
export interface ContainerEnd {
  readonly exitCode: number;
  /** Why it could not be started, in words for the user. */
  readonly problem?: string;
  /** Why it ended as it did, in words for the user, where that can be said. */
  readonly reason?: string;
}

/** Who wants to know what becomes of a container. */
export interface ContainerWatcher extends OutputTaker {
  /** Something that belongs into the task's history: an image was pulled. */
  note(text: string): void;
  /** Called once, after all output has been given; the container is gone, or as good as. */
  onExit(end: ContainerEnd): void;
}

/** A container on its way from being asked for to its end. */
export interface RunningContainer {
  /** TERM is for its first process, KILL for all. Before it runs, either keeps it from running. */
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
}

/** What runs containers on a node: one adapter for Docker's engine, one for sibling containers on Fargate. */
export interface ContainerEngine {
  /** Whether it pulls images itself, and must be told by whose rights. */
  readonly needsCredentials: boolean;
  /** Starts a container; whatever goes wrong is told by `onExit`. */
  run(spec: ContainerSpec, watcher: ContainerWatcher): RunningContainer;
  /** No runnable of this attempt of a task will be asked for any more: its files may go. */
  forgetTask(taskId: string): void;
  /** Ends all that runs, and resolves when nothing is left on the node. Rejects when something may be. */
  close(): Promise<void>;
}
