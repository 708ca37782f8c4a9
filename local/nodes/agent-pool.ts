import { AgentProcess } from './agent-process.ts';

/** After a node has been launched, its start has the processor first. */
const SPARE_AFTER_MS = 1000;

/**
 * Agent programs that wait for a node to be: one is started ahead of need, and one whose node is through is used again,
 * warm. So a node is there in the time of a report instead of a start of Node.js.
 */
export class AgentPool {
  readonly #logFile: string;
  readonly #workDir: string;
  readonly #idle: AgentProcess[] = [];
  #closed = false;

  constructor(logFile: string, workDir: string) {
    this.#logFile = logFile;
    this.#workDir = workDir;
    this.#prepare();
  }

  take(): AgentProcess {
    setTimeout(() => this.#prepare(), SPARE_AFTER_MS).unref();
    const waiting = this.#idle.pop();
    return waiting?.isAlive ? waiting : new AgentProcess(this.#logFile, this.#workDir);
  }

  /** Takes back a program whose node is through. One is kept; it takes the place of one that was never a node. */
  giveBack(agent: AgentProcess): void {
    if (!agent.isAlive) return;
    this.#idle.push(agent);
    while (this.#idle.length > (this.#closed ? 0 : 1)) this.#idle.shift()?.letGo();
  }

  /** Ends the programs that wait; nodes go on. */
  close(): void {
    this.#closed = true;
    for (const agent of this.#idle.splice(0)) agent.letGo();
  }

  #prepare(): void {
    if (this.#closed || this.#idle.length > 0) return;
    this.#idle.push(new AgentProcess(this.#logFile, this.#workDir));
  }
}
