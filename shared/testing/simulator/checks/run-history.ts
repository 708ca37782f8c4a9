import type { AgentState } from '../../../../agent/core/agent-state.ts';
import type { HeldTask } from '../../../../agent/core/held-task.ts';
import { parseAgentTaskId } from '../../../contract/agent-task-id.ts';
import type { Runnable } from '../../../contract/runnable.ts';
import type { Attempt } from '../../../core/task/task-record.ts';
import type { RunWatch } from '../nodes/run-watch.ts';
import type { VirtualMachines } from '../nodes/virtual-machines.ts';
import type { World } from '../world.ts';
import { AttemptRun } from './attempt-run.ts';
import { checkStart } from './check-start.ts';
import type { Records } from './records.ts';

/** What really happened on all nodes, gathered where programs run; held against what agents do and records say. */
export class RunHistory implements RunWatch {
  readonly #world: World;
  readonly #records: Records;
  readonly #machines: VirtualMachines;
  readonly #runs = new Map<string, AttemptRun>();
  /** Indices of tasks that have arrived, by group and barrier. */
  readonly #arrived = new Map<string, Set<number>>();

  constructor(world: World, records: Records, machines: VirtualMachines) {
    this.#world = world;
    this.#records = records;
    this.#machines = machines;
  }

  starts(instance: string, task: HeldTask, runnable: number): void {
    const { place, runnables, run } = this.#find(instance, task.id);
    const node = this.#machines.find(instance);
    const context = { verdict: this.#world.verdict, records: this.#records, machines: this.#machines };
    if (node !== undefined) checkStart(context, { place, runnables, run, node, taskId: task.id, runnable });
    run.started.add(runnable);
  }

  exits(
    instance: string,
    taskId: string,
    runnable: number,
    exit: { readonly exitCode: number; readonly isKilled: boolean },
  ): void {
    const { run, runnables } = this.#find(instance, taskId);
    run.exit(runnable, exit, runnables[runnable] ?? {});
  }

  stepped(instance: string, state: AgentState): void {
    for (const task of state.tasks.values()) {
      if (task.started === 0 || task.exitCode !== undefined) continue;
      const { place, runnables, run } = this.#find(instance, task.id);
      for (; run.seen < task.started; run.seen += 1) {
        if (runnables[run.seen]?.barrier === undefined) continue;
        const missing = run.missing(runnables, run.seen);
        this.#world.verdict.expect(
          missing.length === 0,
          'a task arrives at a barrier after all that stands before it',
          () => `${task.id} on ${instance} arrived at ${run.seen + 1} without runnables ${missing.join()}`,
        );
        this.#arrivals(place, run.seen + 1).add(task.index);
      }
    }
  }

  /** Tasks below `taskCount` that no attempt has brought to the barrier. */
  notArrived(place: string, barrier: number, taskCount: number): number[] {
    const arrived = this.#arrivals(place, barrier);
    return Array.from({ length: taskCount }, (_, index) => index).filter((index) => !arrived.has(index));
  }

  /** Why an attempt cannot have ended as it is recorded; undefined when it can. */
  problemWith(place: string, index: number, attempt: Attempt): string | undefined {
    const { instanceId, outcome, exitCode = 0 } = attempt;
    const node = this.#machines.byInstanceId(instanceId);
    if (node === undefined) return `there is no node ${instanceId}`;
    const taskId = `task/${place.replace('/', '-')}-${index}/${attempt.attempt}/0`;
    const { run, runnables } = this.#find(node.request.instance, taskId);
    const where = `attempt ${attempt.attempt} on ${node.request.instance}`;
    if (outcome === 'SUCCEEDED') {
      const missing = run.missing(runnables, runnables.length);
      if (missing.length > 0) return `${where} SUCCEEDED without runnables ${missing.join()}`;
      return run.failures.size > 0
        ? `${where} SUCCEEDED after failures ${[...run.failures].join()}`
        : undefined;
    }
    if (exitCode === 50000) {
      const isStopped = this.#records.groups.get(place)?.stop !== undefined;
      return isStopped ? undefined : `${where} was stopped with 50000 in a group that goes on`;
    }
    if ([50001, 50002, 50006].includes(exitCode)) {
      return node.isUp && !node.isDeclaredGone && !node.isLeaving
        ? `${where} was lost on a good node`
        : undefined;
    }
    if (exitCode === 50005)
      return run.wasKilled ? undefined : `${where} ran over its time and was not killed`;
    return run.failures.has(exitCode) ? undefined : `${where} did not fail with ${exitCode}`;
  }

  #find(
    instance: string,
    taskId: string,
  ): { place: string; runnables: readonly Runnable[]; run: AttemptRun } {
    const { jobUid = '', groupId = '' } = parseAgentTaskId(taskId) ?? {};
    const groups = this.#records.spec(jobUid).taskGroups ?? [];
    const group = groups[Number(groupId.slice('group'.length))];
    const key = `${instance} ${taskId}`;
    const run = this.#runs.get(key) ?? new AttemptRun();
    this.#runs.set(key, run);
    return { place: `${jobUid}/${groupId}`, runnables: group?.taskSpec?.runnables ?? [], run };
  }

  #arrivals(place: string, barrier: number): Set<number> {
    const key = `${place} ${barrier}`;
    const arrived = this.#arrived.get(key) ?? new Set();
    this.#arrived.set(key, arrived);
    return arrived;
  }
}
