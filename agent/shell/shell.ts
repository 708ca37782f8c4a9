import { type ChildProcess, spawn } from 'node:child_process';
import type { OutputPipe } from '../output/output-pipe.ts';
import { quote } from './quote.ts';

/** One command for a shell. Texts are shell syntax, already quoted. */
export interface ShellCommand {
  /** Statements that set the environment. */
  exports: string;
  /** The command to become. */
  command: string;
  /** Called once, after all that the command wrote has been handed on. */
  onExit(exitCode: number): void;
}

/** What a shell needs to start. */
export interface ShellSetting {
  workDir: string;
  /** What comes before the shell, and becomes it. */
  words: readonly string[];
  environment: Record<string, string>;
}

/** The code of a runnable whose shell was killed: 128 + SIGKILL. */
export const KILLED_EXIT_CODE = 137;

// A trap with a command is back to default in the child, so that only the shell itself survives such signals.
const SURVIVE = 'trap : HUP INT QUIT TERM USR1 USR2 ALRM PIPE\n';

/**
 * A small POSIX shell that forks runnables, one after another: that costs a third of starting each from Node. It
 * leads its own process group, so what a runnable leaves behind can be found and killed.
 */
export class Shell {
  readonly output: OutputPipe;
  readonly #child: ChildProcess;
  readonly #onGone: (problem?: Error) => void;
  #current: ShellCommand | undefined;
  #number = 0;
  #answer = '';
  #gone = false;

  /** `onGone` is called once, when the shell is dead; with a problem when it never started. */
  constructor(setting: ShellSetting, output: OutputPipe, onGone: (problem?: Error) => void) {
    this.output = output;
    this.#onGone = onGone;
    const [program = '', ...args] = [...setting.words, '/bin/sh'];
    this.#child = spawn(program, args, {
      detached: true,
      cwd: setting.workDir,
      env: setting.environment,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    this.#child.stdin?.on('error', ignore);
    this.#child.stdout?.on('data', (bytes: Buffer) => this.#read(bytes.toString('latin1')));
    this.#child.once('error', (problem) => this.#die(problem));
    this.#child.once('exit', () => this.#die());
    this.#send(`${SURVIVE}exec 3>${quote(output.stdoutPath)} 4>${quote(output.stderrPath)}\n`);
  }

  /** The process group of this shell and of everything it starts; undefined when it never started. */
  get group(): number | undefined {
    return this.#child.pid;
  }

  get isGone(): boolean {
    return this.#gone;
  }

  /** Runs one command; the previous one must have ended. */
  run(command: ShellCommand): void {
    this.#current = command;
    this.#number += 1;
    // The result goes to the shell's own standard output, which the command does not have.
    this.#send(
      `( ${command.exports}exec ${command.command} ) </dev/null >&3 2>&4 3>&- 4>&-; echo "${this.#number} $?"\n`,
    );
  }

  /** Signals the whole process group. The shell survives TERM and tells the exit code; KILL ends it too. */
  signal(name: 'SIGTERM' | 'SIGKILL'): void {
    if (this.#gone || this.#child.pid === undefined) return;
    signalGroup(this.#child.pid, name);
  }

  #send(text: string): void {
    this.#child.stdin?.write(text);
  }

  #read(text: string): void {
    this.#answer += text;
    const end = this.#answer.lastIndexOf('\n');
    if (end === -1) return;
    const [number, exitCode] = this.#answer.slice(0, end).split(' ');
    this.#answer = this.#answer.slice(end + 1);
    if (Number(number) === this.#number) this.#settle(Number(exitCode));
  }

  /**
   * A command's output was written before its result, so both were there when the event loop looked: once all events of
   * this round are through, its bytes have been read, unless they were more than are read at once.
   */
  #settle(exitCode: number): void {
    const command = this.#current;
    this.#current = undefined;
    setImmediate(() => {
      if (!this.#gone && this.output.isBusy) this.output.drain();
      command?.onExit(exitCode);
    });
  }

  #finish(exitCode: number): void {
    const command = this.#current;
    this.#current = undefined;
    this.output.drain();
    command?.onExit(exitCode);
  }

  #die(problem?: Error): void {
    if (this.#gone) return;
    this.#gone = true;
    // Its group may outlive a shell that died by itself.
    if (this.#child.pid !== undefined) signalGroup(this.#child.pid, 'SIGKILL');
    this.#child.stdin?.destroy();
    this.#child.stdout?.destroy();
    this.#onGone(problem);
    this.#finish(KILLED_EXIT_CODE);
  }
}

function signalGroup(group: number, name: 'SIGTERM' | 'SIGKILL'): void {
  try {
    process.kill(-group, name);
  } catch {
    // Nobody is left in the group.
  }
}

function ignore(): void {
  // The shell's death is told by its exit event.
}
