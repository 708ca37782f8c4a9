import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { NodeConfig } from '../../agent/node-config.ts';
import { agentCommand } from './agent-command.ts';

/** An agent program on this machine. It is one node after another; it ends when this process does and its node is through. */
export class AgentProcess {
  readonly #child: ChildProcess;
  #through: (() => void) | undefined;
  #said = '';

  constructor(logFile: string, workDir: string) {
    const log = openSync(logFile, 'a', 0o600);
    const [command, ...args] = agentCommand();
    // Its own process group: it outlives the service, and can be killed with all that it runs.
    this.#child = spawn(command, args, { detached: true, stdio: ['pipe', 'pipe', log], cwd: workDir });
    closeSync(log);
    this.#child.stdin?.on('error', () => undefined);
    this.#child.stdout?.on('data', (text: Buffer) => this.#hear(text.toString('latin1')));
    this.#child.once('exit', () => this.#release());
    this.#child.once('error', () => this.#release());
    // Neither the process nor the pipes to it are to keep the service alive.
    this.#child.unref();
    for (const pipe of [this.#child.stdin, this.#child.stdout]) (pipe as unknown as Socket | null)?.unref();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  get isAlive(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Makes it a node; resolves when that node is through, whether the program lives on or not. */
  run(config: NodeConfig): Promise<void> {
    const through = new Promise<void>((resolve) => {
      this.#through = resolve;
    });
    if (this.isAlive) this.#child.stdin?.write(`${JSON.stringify(config)}\n`);
    else this.#release();
    return through;
  }

  /** Lets it end; a node that it is now goes on to its own end. */
  letGo(): void {
    this.#child.stdin?.end();
  }

  #hear(text: string): void {
    this.#said += text;
    if (!this.#said.includes('ended\n')) return;
    this.#said = '';
    this.#release();
  }

  #release(): void {
    this.#through?.();
    this.#through = undefined;
  }
}
