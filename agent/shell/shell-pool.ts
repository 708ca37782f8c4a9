import type { OutputPipes, OutputTaker } from '../output/output-pipe.ts';
import type { GroupFile } from './group-file.ts';
import { Shell, type ShellSetting } from './shell.ts';

/** What to run in a shell. Texts are shell syntax. */
export interface PooledCommand extends OutputTaker {
  exports: string;
  command: string;
  /** Called once, after all output has been given; with a problem when no shell could be started. */
  onExit(exitCode: number, problem?: Error): void;
}

/** A command that runs. */
export interface RunningCommand {
  /** Signals the command and all it started. Does nothing once it has ended. */
  signal(name: 'SIGTERM' | 'SIGKILL'): void;
}

/** When a shell is thrown away, and with it whatever its runnables left behind. */
const MAX_RUNNABLES = 200;
const LONG_MS = 100;
const IDLE_MS = 20;

/** Shells that are used again for short runnables. */
export class ShellPool {
  readonly #setting: ShellSetting;
  readonly #pipes: OutputPipes;
  readonly #groups: GroupFile;
  readonly #living = new Set<Shell>();
  readonly #idle: PooledShell[] = [];
  #idleTimer: NodeJS.Timeout | undefined;

  constructor(setting: ShellSetting, pipes: OutputPipes, groups: GroupFile) {
    this.#setting = setting;
    this.#pipes = pipes;
    this.#groups = groups;
  }

  /** Starts a command in a free shell, or in a new one. */
  run(command: PooledCommand): RunningCommand {
    const pooled = this.#idle.pop() ?? this.#start();
    pooled.runs += 1;
    const startedAt = performance.now();
    let ended = false;
    let signalled = false;
    const shell = pooled.shell;
    shell.output.giveTo(command);
    shell.run({
      exports: command.exports,
      command: command.command,
      onExit: (exitCode) => {
        ended = true;
        const isLong = performance.now() - startedAt > LONG_MS;
        if (signalled || isLong || pooled.runs >= MAX_RUNNABLES || shell.isGone) shell.signal('SIGKILL');
        else this.#keep(pooled);
        command.onExit(exitCode, pooled.problem);
      },
    });
    return {
      signal: (name) => {
        if (ended) return;
        signalled = true;
        shell.signal(name);
      },
    };
  }

  /** Kills every shell and all that its runnables left, and stops. */
  killAll(): void {
    clearTimeout(this.#idleTimer);
    for (const shell of this.#living) shell.signal('SIGKILL');
  }

  #keep(pooled: PooledShell): void {
    this.#idle.push(pooled);
    this.#idleTimer ??= setTimeout(() => this.#retireIdle(), IDLE_MS);
    pooled.idleSince = performance.now();
  }

  #retireIdle(): void {
    this.#idleTimer = undefined;
    const longAgo = performance.now() - IDLE_MS;
    // Those used last are at the end.
    while (this.#idle[0] !== undefined && this.#idle[0].idleSince <= longAgo) {
      this.#idle.shift()?.shell.signal('SIGKILL');
    }
    if (this.#idle.length > 0) this.#idleTimer = setTimeout(() => this.#retireIdle(), IDLE_MS);
  }

  #start(): PooledShell {
    const output = this.#pipes.take();
    const pooled: PooledShell = {
      shell: new Shell(this.#setting, output, (problem) => {
        pooled.problem = problem;
        this.#forget(pooled);
      }),
      runs: 0,
      idleSince: 0,
      problem: undefined,
    };
    this.#living.add(pooled.shell);
    if (pooled.shell.group !== undefined) this.#groups.started(pooled.shell.group);
    return pooled;
  }

  #forget(pooled: PooledShell): void {
    const { shell } = pooled;
    this.#living.delete(shell);
    const at = this.#idle.indexOf(pooled);
    if (at !== -1) this.#idle.splice(at, 1);
    if (shell.group !== undefined) this.#groups.ended(shell.group);
    shell.output.drain();
    this.#pipes.giveBack(shell.output);
  }
}

interface PooledShell {
  shell: Shell;
  runs: number;
  idleSince: number;
  problem: Error | undefined;
}
