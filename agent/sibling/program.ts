import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, statSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { argumentsOf } from '../../shared/core/container/arguments-of.ts';
import {
  containerUser,
  NON_ROOT_HOME,
  namedRootText,
  nonRootUser,
} from '../../shared/core/container/non-root.ts';
import { programEnvironment, type SiblingImage } from '../../shared/core/container/sibling-image.ts';
import { type Accounts, findUser, type ProgramUser, UnknownUserError } from './image-user.ts';
import { killLeftovers, type Marks } from './leftovers.ts';
import { memoryKills } from './memory-kills.ts';
import type { ExitedMessage, RunMessage } from './messages.ts';
import { type Launcher, launcherFor, throughHelpers } from './program-launcher.ts';

/** What a program needs of the container that it runs in. */
export interface ProgramSetting {
  readonly image: SiblingImage;
  readonly accounts: Accounts;
  /** Folder of the agent's pipes. */
  readonly channel: string;
  readonly runtime: string;
  readonly marks: Marks;
}

/** Why a program was not started, with Docker's exit code for it. */
class StartError extends Error {
  readonly exitCode: number;
  constructor(exitCode: number, message: string) {
    super(message);
    this.exitCode = exitCode;
  }
}

/** One run of the image. Its process leads a group and a session of its own. */
export class Program {
  readonly #run: RunMessage;
  readonly #setting: ProgramSetting;
  readonly #onExit: (message: ExitedMessage) => void;
  readonly #killsBefore = memoryKills();
  readonly #mark: number;
  #child: ChildProcess | undefined;

  /** `onExit` is called once after `start`, when nothing of it is left. */
  constructor(run: RunMessage, setting: ProgramSetting, onExit: (message: ExitedMessage) => void) {
    this.#run = run;
    this.#setting = setting;
    this.#onExit = onExit;
    this.#mark = setting.marks.take();
  }

  start(): void {
    try {
      this.#start();
    } catch (error) {
      this.#fail(error as Error);
    }
  }

  signal(name: 'SIGTERM' | 'SIGKILL'): void {
    const { pid } = this.#child ?? {};
    if (pid === undefined) return;
    try {
      process.kill(-pid, name);
    } catch {
      // Its group is gone.
    }
  }

  #start(): void {
    const { image, accounts, channel, runtime } = this.#setting;
    const run = this.#run;
    const user = userOf(run, image.user, accounts);
    const words = argumentsOf(
      { entrypoint: run.entrypoint, commands: run.commands },
      { entrypoint: image.entrypoint, command: image.cmd },
    );
    if (words.length === 0 || words[0] === '')
      throw new StartError(125, 'the image says no program to run, and neither does the runnable');
    const cwd = run.workDir || image.workingDir || '/';
    makeFolder(cwd);
    const launcher = launcherFor(runtime, user, run);
    const pipes = [run.stdout, run.stderr].map((name) => openSync(join(channel, name), 'w'));
    try {
      this.#spawn(launcher, words, cwd, user, pipes);
    } finally {
      for (const pipe of pipes) closeSync(pipe);
    }
  }

  #spawn(launcher: Launcher, words: string[], cwd: string, user: ProgramUser, pipes: number[]): void {
    const { image, runtime } = this.#setting;
    const wanted = programEnvironment(process.env, image, user.home, this.#run.env);
    const { words: before, env } = throughHelpers(runtime, launcher.words, wanted);
    const [file = '', ...args] = [...before, ...words];
    const child = this.#setting.marks.marked(this.#mark, () =>
      spawn(file, args, { cwd, env, detached: true, stdio: ['ignore', ...pipes], ...launcher.become }),
    );
    this.#child = child;
    child.once('error', (error) => this.#fail(startErrorOf(error, words[0] ?? '', cwd)));
    child.once('exit', (code, signal) => void this.#end(code, signal));
  }

  async #end(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    const { marks } = this.#setting;
    marks.ended(this.#mark);
    const group = this.#child?.pid ?? 0;
    // What a container leaves behind when its first process ends does not outlive it under Docker either.
    await killLeftovers({ group, mark: this.#mark, isLast: () => marks.haveAllEnded });
    marks.giveBack(this.#mark);
    const exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
    const outOfMemory = exitCode === 137 && memoryKills() > this.#killsBefore;
    this.#onExit({ type: 'exited', run: this.#run.run, exitCode, ...(outOfMemory ? { outOfMemory } : {}) });
  }

  #fail(error: Error): void {
    this.#setting.marks.giveBack(this.#mark);
    const exitCode = error instanceof StartError ? error.exitCode : 125;
    const problem =
      error instanceof StartError || error instanceof UnknownUserError
        ? error.message
        : `the wrapper met a problem: ${error.message}`;
    this.#onExit({ type: 'exited', run: this.#run.run, exitCode, problem });
  }
}

/** Whom a program runs as. Throws an UnknownUserError for a name that the image does not know, or that must not be root and is. */
function userOf(
  { user: wished, isNonRoot }: Pick<RunMessage, 'user' | 'isNonRoot'>,
  ofImage: string,
  accounts: Accounts,
): ProgramUser {
  if (!isNonRoot) return findUser(wished ?? ofImage, accounts);
  const { user, isOurs } = containerUser(wished, ofImage);
  if (isOurs) return { ...nonRootUser, groups: [], home: NON_ROOT_HOME };
  const found = findUser(user, accounts);
  if (found.uid === 0) throw new UnknownUserError(namedRootText(user));
  return found;
}

/** The working directory, made as Docker makes it where the image has none. */
function makeFolder(path: string): void {
  try {
    mkdirSync(path, { recursive: true });
    if (!statSync(path).isDirectory()) throw new Error('it is no folder');
  } catch (error) {
    throw new StartError(126, `the working directory ${path} cannot be used: ${(error as Error).message}`);
  }
}

function startErrorOf(error: Error, word: string, cwd: string): StartError {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'ENOTDIR')
    return new StartError(127, `${word}: the image has no such program, or not what that program needs`);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EISDIR')
    return new StartError(126, `${word}: not allowed to run it in ${cwd} as this user (${code})`);
  return new StartError(code === 'ENOEXEC' ? 126 : 125, `${word}: cannot be run (${code ?? error.message})`);
}
