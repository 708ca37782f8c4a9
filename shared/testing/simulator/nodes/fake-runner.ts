import type { AgentEvent } from '../../../../agent/core/agent-event.ts';
import type { HeldTask } from '../../../../agent/core/held-task.ts';
import type { Step } from '../../../../agent/core/task-plan.ts';
import type { World } from '../world.ts';
import { type DrawnProgram, drawProgram } from './drawn-program.ts';
import type { RunWatch } from './run-watch.ts';

/** A program that runs, as far as anybody can tell from outside. */
export interface VirtualProcess {
  readonly taskId: string;
  readonly runnable: number;
  readonly isBackground: boolean;
  readonly program: DrawnProgram;
  /** The strongest signal that it has got. */
  signal: 'SIGTERM' | 'SIGKILL' | undefined;
  callOff: () => void;
}

const COULD_NOT_START = 127;

/** Runs runnables in virtual time, in the place of the agent's shells. */
export class FakeRunner {
  readonly #world: World;
  readonly #instance: string;
  readonly #watch: RunWatch;
  readonly #tell: (event: AgentEvent) => void;
  readonly #processes = new Map<string, VirtualProcess>();

  constructor(world: World, instance: string, watch: RunWatch, tell: (event: AgentEvent) => void) {
    this.#world = world;
    this.#instance = instance;
    this.#watch = watch;
    this.#tell = tell;
  }

  get processes(): readonly VirtualProcess[] {
    return [...this.#processes.values()];
  }

  start(task: HeldTask, runnable: number, step: Step): void {
    const world = this.#world;
    const program = drawProgram(world.seed, task.id, runnable, step.runnable);
    const process: VirtualProcess = {
      taskId: task.id,
      runnable,
      isBackground: step.background,
      program,
      signal: undefined,
      callOff: () => undefined,
    };
    world.trace.add(() => `${this.#instance} starts ${task.id} runnable ${runnable} for ${program.runMs} ms`);
    world.tally.add('runnables');
    this.#watch.starts(this.#instance, task, runnable);
    this.#processes.set(keyOf(task.id, runnable), process);
    if (program.problem !== undefined) {
      process.callOff = world.clock.after(0, () => this.#exit(process, COULD_NOT_START));
      return;
    }
    process.callOff = world.clock.after(program.runMs, () => this.#exit(process, program.exitCode));
    for (const at of program.eventsAt) {
      world.clock.after(at, () => {
        if (!this.#isRunning(process)) return;
        this.#tell({ type: 'customEvent', taskId: task.id, text: `at ${at}` });
      });
    }
  }

  kill(taskId: string, runnable: number, signal: 'SIGTERM' | 'SIGKILL'): void {
    const process = this.#processes.get(keyOf(taskId, runnable));
    if (process === undefined) return;
    process.signal = signal;
    if (signal === 'SIGTERM' && process.program.ignoresTerm) return;
    process.callOff();
    const exitCode = signal === 'SIGTERM' ? 143 : 137;
    const ms = this.#world.random.between(0, 20);
    process.callOff = this.#world.clock.after(ms, () => this.#exit(process, exitCode));
  }

  /** All processes are gone, and nobody is told: their machine is. */
  vanish(): void {
    for (const process of this.#processes.values()) process.callOff();
    this.#processes.clear();
  }

  #exit(process: VirtualProcess, exitCode: number): void {
    const { taskId, runnable, program } = process;
    if (!this.#isRunning(process)) return;
    this.#processes.delete(keyOf(taskId, runnable));
    this.#world.trace.add(() => `${this.#instance} ${taskId} runnable ${runnable} exits with ${exitCode}`);
    this.#watch.exits(this.#instance, taskId, runnable, { exitCode, isKilled: process.signal !== undefined });
    this.#tell({
      type: 'exited',
      taskId,
      runnable,
      exitCode,
      ...(program.problem === undefined ? {} : { problem: program.problem }),
    });
  }

  #isRunning(process: VirtualProcess): boolean {
    return this.#processes.get(keyOf(process.taskId, process.runnable)) === process;
  }
}

function keyOf(taskId: string, runnable: number): string {
  return `${taskId}|${runnable}`;
}
