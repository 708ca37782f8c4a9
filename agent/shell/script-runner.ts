import type { Environment } from '../../shared/contract/environment.ts';
import { reservedExitCodes } from '../../shared/core/reserved-exit-codes.ts';
import type { AgentEvent } from '../core/agent-event.ts';
import type { HeldTask } from '../core/held-task.ts';
import type { Step } from '../core/task-plan.ts';
import type { OutputSink, OutputSource } from '../output/output-line.ts';
import { RunnableOutput } from '../output/runnable-output.ts';
import { EnvironmentError } from './environment.ts';
import { ScriptError, type ScriptFiles } from './script-file.ts';
import type { EnvironmentPreparer } from './secret-environment.ts';
import type { RunningCommand, ShellPool } from './shell-pool.ts';

const NO_ENVIRONMENT: Environment = {};

/** Runs script runnables and tells the agent's core what becomes of them. */
export class ScriptRunner {
  readonly #pool: ShellPool;
  readonly #scripts: ScriptFiles;
  readonly #environments: EnvironmentPreparer;
  readonly #sink: OutputSink;
  readonly #tell: (event: AgentEvent) => void;
  readonly #running = new Map<string, RunningCommand>();

  constructor(parts: {
    pool: ShellPool;
    scripts: ScriptFiles;
    environments: EnvironmentPreparer;
    sink: OutputSink;
    tell: (event: AgentEvent) => void;
  }) {
    this.#pool = parts.pool;
    this.#scripts = parts.scripts;
    this.#environments = parts.environments;
    this.#sink = parts.sink;
    this.#tell = parts.tell;
  }

  /** Starts a runnable; its end, of whatever kind, is told as an `exited` event. */
  start(task: HeldTask, runnable: number, step: Step): void {
    const source = { taskId: task.id, index: task.index, attempt: task.attempt, runnable };
    const exited = (exitCode: number, problem?: string) => {
      this.#running.delete(keyOf(task.id, runnable));
      const event = { type: 'exited', taskId: task.id, runnable, exitCode } as const;
      this.#tell(problem === undefined ? event : { ...event, problem });
    };
    try {
      this.#run(task, step, source, exited);
    } catch (error) {
      if (error instanceof ScriptError) {
        this.#sink.write({ source, stream: 'stderr', text: error.message, time: Date.now() });
        exited(error.exitCode);
      } else if (error instanceof EnvironmentError) {
        exited(reservedExitCodes.UNKNOWN.code, error.message);
      } else {
        exited(reservedExitCodes.UNKNOWN.code, `the agent met a problem: ${(error as Error).message}`);
      }
    }
  }

  /** Signals a runnable with all that it started. */
  kill(taskId: string, runnable: number, signal: 'SIGTERM' | 'SIGKILL'): void {
    this.#running.get(keyOf(taskId, runnable))?.signal(signal);
  }

  #run(
    task: HeldTask,
    step: Step,
    source: OutputSource,
    exited: (exitCode: number, problem?: string) => void,
  ): void {
    const own = step.runnable.environment ?? NO_ENVIRONMENT;
    const { exports, prefix, mask } = this.#environments.prepare(
      task.plan.environment,
      task.environment,
      own,
    );
    const command = prefix + this.#commandFor(step);
    const output = new RunnableOutput({
      source,
      sink: this.#sink,
      mask,
      onCustomEvent: (text) => this.#tell({ type: 'customEvent', taskId: task.id, text }),
    });
    const running = this.#pool.run({
      exports,
      command,
      stdout: (bytes) => output.stdout(bytes),
      stderr: (bytes) => output.stderr(bytes),
      onExit: (exitCode, problem) => {
        output.end();
        if (problem === undefined) exited(exitCode);
        else exited(reservedExitCodes.UNKNOWN.code, `no shell could be started (${problem.message})`);
      },
    });
    this.#running.set(keyOf(task.id, source.runnable), running);
  }

  #commandFor(step: Step): string {
    const { script } = step.runnable;
    if (script?.path !== undefined && script.path !== '') return this.#scripts.commandForPath(script.path);
    if (script?.text !== undefined) return this.#scripts.commandForText(script.text);
    throw new ScriptError(127, 'the runnable has neither a script nor the path of one');
  }
}

function keyOf(taskId: string, runnable: number): string {
  return `${taskId}#${runnable}`;
}
