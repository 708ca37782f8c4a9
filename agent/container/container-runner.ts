import type { Environment } from '../../shared/contract/environment.ts';
import type { Container } from '../../shared/contract/runnable.ts';
import { type ContainerRequest, readContainer } from '../../shared/core/container/container-request.ts';
import { reservedExitCodes } from '../../shared/core/reserved-exit-codes.ts';
import type { AgentEvent } from '../core/agent-event.ts';
import type { HeldTask } from '../core/held-task.ts';
import type { Step } from '../core/task-plan.ts';
import type { OutputSink, OutputSource } from '../output/output-line.ts';
import { RunnableOutput } from '../output/runnable-output.ts';
import { EnvironmentError } from '../shell/environment.ts';
import type { EnvironmentPreparer } from '../shell/secret-environment.ts';
import type { ContainerEnd, ContainerEngine, ContainerSpec, RunningContainer } from './container-engine.ts';

const NO_ENVIRONMENT: Environment = {};

/** Runs container runnables and tells the agent's core what becomes of them. */
export class ContainerRunner {
  readonly #open: () => ContainerEngine;
  readonly #isNonRoot: boolean;
  readonly #environments: EnvironmentPreparer;
  readonly #sink: OutputSink;
  readonly #tell: (event: AgentEvent) => void;
  readonly #running = new Map<string, RunningContainer>();
  readonly #requests = new WeakMap<Container, ContainerRequest>();
  #engine: ContainerEngine | undefined;

  /** `open` is called for the first container. `isNonRoot`: of the node's group. */
  constructor(parts: {
    open: () => ContainerEngine;
    isNonRoot: boolean;
    environments: EnvironmentPreparer;
    sink: OutputSink;
    tell: (event: AgentEvent) => void;
  }) {
    this.#open = parts.open;
    this.#isNonRoot = parts.isNonRoot;
    this.#environments = parts.environments;
    this.#sink = parts.sink;
    this.#tell = parts.tell;
  }

  /** Starts a runnable; its end, of whatever kind, is told as an `exited` event. */
  start(task: HeldTask, runnable: number, step: Step): void {
    const source = { taskId: task.id, index: task.index, attempt: task.attempt, runnable };
    const exited = (end: ContainerEnd) => {
      this.#running.delete(keyOf(task.id, runnable));
      this.#tell({ type: 'exited', taskId: task.id, runnable, ...end });
    };
    try {
      this.#run(task, step, source, exited);
    } catch (error) {
      const isExpected = error instanceof EnvironmentError || error instanceof ContainerError;
      const problem = isExpected ? error.message : `the agent met a problem: ${(error as Error).message}`;
      exited({ exitCode: reservedExitCodes.UNKNOWN.code, problem });
    }
  }

  /** Signals a runnable. */
  kill(taskId: string, runnable: number, signal: 'SIGTERM' | 'SIGKILL'): void {
    this.#running.get(keyOf(taskId, runnable))?.signal(signal);
  }

  forgetTask(taskId: string): void {
    this.#engine?.forgetTask(taskId);
  }

  /** Ends all containers, and resolves when nothing of them is left. Rejects when something may be. */
  async close(): Promise<void> {
    await this.#engine?.close();
  }

  #run(task: HeldTask, step: Step, source: OutputSource, exited: (end: ContainerEnd) => void): void {
    const own = step.runnable.environment ?? NO_ENVIRONMENT;
    const { variables, mask } = this.#environments.merge(task.plan.environment, task.environment, own);
    const request = this.#requestOf(task, step);
    const output = new RunnableOutput({
      source,
      sink: this.#sink,
      mask,
      onCustomEvent: (text) => this.#tell({ type: 'customEvent', taskId: task.id, text }),
    });
    this.#engine ??= this.#open();
    const engine = this.#engine;
    const { cpuMilli, memoryMib } = task.plan.computeResource;
    const spec: ContainerSpec = {
      source,
      request,
      environment: { ...request.options.environment, ...variables },
      ...(this.#isNonRoot ? { isNonRoot: true } : {}),
      ...(engine.needsCredentials ? this.#credentials(step.runnable.container) : {}),
      ...(Number(cpuMilli ?? 0) > 0 ? { cpuMilli: Number(cpuMilli) } : {}),
      ...(Number(memoryMib ?? 0) > 0 ? { memoryMib: Number(memoryMib) } : {}),
    };
    const running = engine.run(spec, {
      stdout: (bytes) => output.stdout(bytes),
      stderr: (bytes) => output.stderr(bytes),
      note: (text) => this.#tell({ type: 'note', taskId: task.id, text }),
      onExit: (end) => {
        output.end();
        exited(end);
      },
    });
    this.#running.set(keyOf(task.id, source.runnable), running);
  }

  /** A job whose options cannot be read is refused when it is created; an agent of its own may be told one all the same. */
  #requestOf(task: HeldTask, { runnable }: Step): ContainerRequest {
    const container = runnable.container ?? {};
    const known = this.#requests.get(container);
    if (known !== undefined) return known;
    const { request, problems } = readContainer(container, task.plan.volumes);
    const [first] = problems;
    if (first !== undefined) throw new ContainerError(`container.${first.field}: ${first.why}`);
    this.#requests.set(container, request);
    return request;
  }

  #credentials({ username, password }: Container = {}): Pick<ContainerSpec, 'credentials'> {
    if (!username || !password) return {};
    return {
      credentials: {
        username: this.#environments.textOrSecret("the container's username", username),
        password: this.#environments.textOrSecret("the container's password", password),
      },
    };
  }
}

/** Why a container cannot be asked for. */
class ContainerError extends Error {
  override readonly name = 'ContainerError';
}

function keyOf(taskId: string, runnable: number): string {
  return `${taskId}#${runnable}`;
}
