import type { ContainerMount } from '../../../shared/core/container/container-mounts.ts';
import type { BindMount } from './create-body.ts';
import { type EngineClient, EngineError } from './engine-client.ts';
import { remembered } from './remembered.ts';

/** What to give to a container so that it finds its mounts. */
export interface PlacedMounts {
  readonly binds: readonly string[];
  readonly mounts: readonly BindMount[];
  /** Paths in the container whose folders are new, and are to be open to every user. */
  readonly fresh: readonly string[];
}

interface Volume {
  readonly Name: string;
  /** On the engine's machine. */
  readonly Mountpoint: string;
}

/**
 * The files that a task has for itself on this node: one volume of the engine's, made when the first container wants it
 * and gone with the task. It is laid out as the paths that the job names.
 */
export class TaskFiles {
  readonly #client: EngineClient;
  readonly #labels: Readonly<Record<string, string>>;
  /** Paths that the node turned out not to have. */
  readonly #own = new Set<string>();
  readonly #opened = new Set<string>();
  readonly #volume = remembered(() => this.#make());
  #isMade = false;

  constructor(client: EngineClient, labels: Readonly<Record<string, string>>) {
    this.#client = client;
    this.#labels = labels;
  }

  async place(wished: readonly ContainerMount[]): Promise<PlacedMounts> {
    const binds: string[] = [];
    const mounts: BindMount[] = [];
    const fresh: string[] = [];
    for (const { origin, source, target, readOnly } of wished) {
      if (origin === 'node' && !this.#isOwn(source)) {
        mounts.push({ Type: 'bind', Source: source, Target: target, ReadOnly: readOnly });
        continue;
      }
      const { Mountpoint } = await this.#volume();
      binds.push(`${Mountpoint}${source}:${target}${readOnly ? ':ro' : ''}`);
      // What is mounted to be read only cannot be opened through this container; whoever writes comes first.
      if (!readOnly && !this.#opened.has(source)) fresh.push(target);
    }
    return { binds, mounts, fresh };
  }

  /** Takes note of what the engine said: whether it was that the node does not have a path, so that asking again helps. */
  learnFrom(message: string): boolean {
    const path = /bind source path does not exist: (\S.*)$/.exec(message)?.[1]?.trim();
    if (path !== undefined) this.#own.add(path);
    return path !== undefined;
  }

  /** The folders behind these paths in a container have been opened. */
  opened(wished: readonly ContainerMount[], targets: readonly string[]): void {
    for (const { source, target } of wished) if (targets.includes(target)) this.#opened.add(source);
  }

  async remove(): Promise<void> {
    if (!this.#isMade) return;
    const { Name } = await this.#volume();
    await this.#client.call('DELETE', `/volumes/${Name}`, { query: { force: true } }).catch((error) => {
      if (!(error instanceof EngineError && error.status === 404)) throw error;
    });
  }

  #isOwn(path: string): boolean {
    return [...this.#own].some((own) => path === own || path.startsWith(`${own}/`));
  }

  async #make(): Promise<Volume> {
    const body = { Labels: this.#labels };
    const made = await this.#client.call<Volume>('POST', '/volumes/create', { body });
    this.#isMade = true;
    return made;
  }
}
