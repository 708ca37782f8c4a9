import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { agentCommand } from './agent-command.ts';

/** After a node has been launched, its start has the processor first. */
const SPARE_AFTER_MS = 500;

/**
 * Starts agent processes, one ahead of need: it waits for its configuration on standard input, so that the next node is
 * there in the time of a report instead of a start of Node.js. An agent that gets no configuration ends with this process.
 */
export class AgentStarter {
  readonly #logFile: string;
  readonly #workDir: string;
  #spare: ChildProcess | undefined;
  #closed = false;

  constructor(logFile: string, workDir: string) {
    this.#logFile = logFile;
    this.#workDir = workDir;
  }

  /** Starts the agent that waits, unless there is one. */
  prepare(): void {
    if (!this.#closed) this.#spare ??= this.#start();
  }

  /** An agent that has had no configuration yet. */
  take(): ChildProcess {
    const spare = this.#spare;
    this.#spare = undefined;
    setTimeout(() => this.prepare(), SPARE_AFTER_MS).unref();
    return spare?.exitCode === null && spare.signalCode === null ? spare : this.#start();
  }

  /** Ends the agent that waits. */
  close(): void {
    this.#closed = true;
    this.#spare?.kill('SIGKILL');
    this.#spare = undefined;
  }

  #start(): ChildProcess {
    const log = openSync(this.#logFile, 'a', 0o600);
    const [command, ...args] = agentCommand();
    const child = spawn(command, args, { detached: true, stdio: ['pipe', log, log], cwd: this.#workDir });
    closeSync(log);
    child.stdin?.on('error', () => undefined);
    child.once('error', () => undefined);
    // Neither the process nor the pipe to it is to keep the service alive.
    child.unref();
    (child.stdin as unknown as { unref(): void } | null)?.unref();
    return child;
  }
}
