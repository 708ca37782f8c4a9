import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type {
  ContainerEngine,
  ContainerSpec,
  ContainerWatcher,
  RunningContainer,
} from '../container-engine.ts';
import { DockerRun } from './docker-run.ts';
import { engineAddress } from './engine-address.ts';
import { EngineClient } from './engine-client.ts';
import { ImageStore } from './image-store.ts';
import { labels, nodeLabels } from './labels.ts';
import { remembered } from './remembered.ts';
import { sweepEngine } from './sweep-engine.ts';
import { TaskFiles } from './task-files.ts';

/**
 * In a node's folder while it may have containers, so that whoever finds the node dead knows to look for them. Its text
 * is the engine's address.
 */
export const MARK = 'containers';

/** A node that is to run containers. */
export interface ContainerNode {
  /** The agent's environment, which says where the engine is. */
  readonly own: NodeJS.ProcessEnv;
  readonly runDir: string;
  readonly instance: string;
  readonly jobUid: string;
}

interface TaskInHand {
  readonly files: TaskFiles;
  /** What must end before the task's files can go. */
  readonly runs: Set<Promise<void>>;
}

/** Runs containers in Docker's engine: one container a runnable. It is not asked anything before the first. */
export class DockerEngine implements ContainerEngine {
  readonly needsCredentials = true;
  readonly client: EngineClient;
  readonly images: ImageStore;
  readonly labels: Readonly<Record<string, string>>;
  /** Processors of the engine's machine. */
  readonly processors = remembered(() => this.#countProcessors());
  /** The id of a network of the node's own, from which nothing but its containers can be reached. */
  readonly isolatedNetwork = remembered(() => this.#makeNetwork());
  readonly #instance: string;
  readonly #tasks = new Map<string, TaskInHand>();
  readonly #runs = new Set<DockerRun>();
  readonly #leaving = new Set<Promise<void>>();

  constructor(node: ContainerNode) {
    this.client = new EngineClient(engineAddress(node.own));
    this.images = new ImageStore(this.client);
    this.labels = nodeLabels(node);
    this.#instance = node.instance;
    writeFileSync(join(node.runDir, MARK), this.client.address.text);
  }

  run(spec: ContainerSpec, watcher: ContainerWatcher): RunningContainer {
    const task = this.#taskOf(spec.source.taskId);
    const run = new DockerRun(this, task.files, spec, watcher);
    this.#runs.add(run);
    const gone = run.gone.finally(() => {
      this.#runs.delete(run);
      task.runs.delete(gone);
    });
    task.runs.add(gone);
    run.start();
    return run;
  }

  forgetTask(taskId: string): void {
    const task = this.#tasks.get(taskId);
    if (task === undefined) return;
    this.#tasks.delete(taskId);
    const leaving = Promise.all(task.runs)
      .then(() => task.files.remove())
      // Whatever is left is swept at the end.
      .catch(() => undefined)
      .finally(() => this.#leaving.delete(leaving));
    this.#leaving.add(leaving);
  }

  async close(): Promise<void> {
    this.images.close();
    for (const run of this.#runs) run.signal('SIGKILL');
    await Promise.all([...this.#runs].map((run) => run.gone));
    await Promise.all(this.#leaving);
    try {
      // Where nobody ever answered, nothing was made.
      if (this.client.hasAnswered) await sweepEngine(this.client, `${labels.node}=${this.#instance}`);
    } finally {
      this.client.close();
    }
  }

  async #countProcessors(): Promise<number> {
    return (await this.client.call<{ NCPU: number }>('GET', '/info')).NCPU;
  }

  async #makeNetwork(): Promise<string> {
    const body = {
      Name: `sluice-${this.#instance}`,
      Driver: 'bridge',
      Internal: true,
      CheckDuplicate: true,
      Labels: this.labels,
    };
    return (await this.client.call<{ Id: string }>('POST', '/networks/create', { body })).Id;
  }

  #taskOf(taskId: string): TaskInHand {
    const known = this.#tasks.get(taskId);
    if (known !== undefined) return known;
    const files = new TaskFiles(this.client, { ...this.labels, [labels.task]: taskId });
    const task = { files, runs: new Set<Promise<void>>() };
    this.#tasks.set(taskId, task);
    return task;
  }
}
