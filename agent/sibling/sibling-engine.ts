import { siblingKey } from '../../shared/core/container/sibling-key.ts';
import type {
  ContainerEnd,
  ContainerEngine,
  ContainerSpec,
  ContainerWatcher,
  RunningContainer,
} from '../container/container-engine.ts';
import { endReason } from '../container/docker/end-words.ts';
import type { RunMessage } from './messages.ts';
import { Sibling, type SiblingExit } from './sibling.ts';
import type { SiblingsConfig } from './sibling-config.ts';

/** Siblings are started with the node; images of many gigabytes take their time. */
const READY_MS = 20 * 60 * 1000;

/** Runs containers in the sibling containers of a node on Fargate: each is there once, and serves run after run. */
export class SiblingEngine implements ContainerEngine {
  readonly needsCredentials = false;
  readonly #siblings = new Map<string, Sibling>();
  readonly #byKey = new Map<string, Sibling>();

  /** Listens for the siblings. `onBroken`: one of them is gone, so that this node cannot run its tasks any more. */
  constructor({ channels }: SiblingsConfig, onBroken: (why: string) => void) {
    for (const [key, channel] of Object.entries(channels)) {
      const [image = ''] = key.split(' ', 1);
      const sibling = this.#siblings.get(channel) ?? new Sibling(image, channel, onBroken);
      this.#siblings.set(channel, sibling);
      this.#byKey.set(key, sibling);
    }
  }

  /** Resolves when all siblings are there; rejects, saying which is not, when they take too long. */
  async ready(waitMs = READY_MS): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const missing = new Set(this.#siblings.values());
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        const images = [...missing].map(({ image }) => image).join(', ');
        reject(new Error(`after ${waitMs / 60_000} minutes there is no container of ${images}`));
      }, waitMs);
    });
    const all = [...missing].map((sibling) => sibling.ready.then(() => missing.delete(sibling)));
    await Promise.race([Promise.all(all), late]).finally(() => clearTimeout(timer));
  }

  run(spec: ContainerSpec, watcher: ContainerWatcher): RunningContainer {
    const { request } = spec;
    const sibling = this.#byKey.get(siblingKey(request));
    if (sibling === undefined) {
      const problem = `this node has no container of ${request.imageUri}: the job's plan is of another form`;
      watcher.onExit({ exitCode: 125, problem });
      return { signal: () => undefined };
    }
    let isKilled = false;
    const run = sibling.run({
      program: programOf(spec),
      stdout: (bytes) => watcher.stdout(bytes),
      stderr: (bytes) => watcher.stderr(bytes),
      onExit: (exit) => watcher.onExit(endOf(exit, isKilled)),
    });
    return {
      signal: (name) => {
        isKilled = true;
        run.signal(name);
      },
    };
  }

  forgetTask(): void {
    // What a task leaves in volumes goes when the next one enters them.
  }

  async close(): Promise<void> {
    for (const sibling of this.#siblings.values()) sibling.close();
  }
}

function programOf({
  request,
  environment,
  isNonRoot,
}: ContainerSpec): Omit<RunMessage, 'type' | 'run' | 'stdout' | 'stderr'> {
  const { entrypoint, commands, options } = request;
  const ulimits = options.ulimits.map(
    ({ name, soft, hard }) => `${name}=${limitText(soft)}:${limitText(hard)}`,
  );
  return {
    commands,
    env: environment,
    ...(entrypoint === undefined ? {} : { entrypoint }),
    ...(options.user === undefined ? {} : { user: options.user }),
    ...(isNonRoot ? { isNonRoot } : {}),
    ...(options.workDir === undefined ? {} : { workDir: options.workDir }),
    ...(ulimits.length === 0 ? {} : { ulimits }),
  };
}

function limitText(limit: number): string {
  return limit === -1 ? 'unlimited' : String(limit);
}

function endOf({ exitCode, problem, gone, outOfMemory }: SiblingExit, isKilled: boolean): ContainerEnd {
  if (problem !== undefined) return { exitCode, problem };
  const words = isKilled
    ? undefined
    : endReason(exitCode, { isOutOfMemory: outOfMemory === true, memoryMib: undefined });
  const reason = gone ?? words;
  return { exitCode, ...(reason === undefined ? {} : { reason }) };
}
