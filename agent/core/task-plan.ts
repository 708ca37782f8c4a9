import type { AgentTaskSpec } from '../../shared/contract/agent-task-spec.ts';
import type { ComputeResource } from '../../shared/contract/compute-resource.ts';
import type { Environment } from '../../shared/contract/environment.ts';
import type { AgentTask, NodeAssignment } from '../../shared/contract/report.ts';
import type { Runnable } from '../../shared/contract/runnable.ts';
import type { TaskSpec } from '../../shared/contract/task-spec.ts';
import { durationMs } from '../../shared/contract/time.ts';
import type { Volume } from '../../shared/contract/volume.ts';

/** One runnable of a task, with its defaults filled in. */
export interface Step {
  readonly kind: 'script' | 'container' | 'barrier';
  /** Place in the runnable list, counted from 1: how barriers and reports number runnables. */
  readonly position: number;
  readonly displayName: string | undefined;
  readonly background: boolean;
  readonly alwaysRun: boolean;
  readonly ignoreExitStatus: boolean;
  readonly timeoutMs: number | undefined;
  readonly runnable: Runnable;
}

/** What a task spec asks the agent to do; the same object for all tasks with the same spec object. */
export interface TaskPlan {
  readonly steps: readonly Step[];
  readonly maxRunMs: number | undefined;
  readonly environment: Environment;
  /** What containers of the task find mounted, and what each may use. */
  readonly volumes: readonly Volume[];
  readonly computeResource: ComputeResource;
}

const known = new WeakMap<object, TaskPlan>();

/** The plan for a task: its own spec where it brings one, else that of the node's assignment. */
export function planFor(task: AgentTask, assignment: NodeAssignment | undefined): TaskPlan | undefined {
  const spec = task.spec ?? task.agentTaskSpec ?? assignment?.taskSpec;
  return spec === undefined ? undefined : planOf(spec);
}

/** Turns a task spec of either form into a plan. */
export function planOf(spec: TaskSpec | AgentTaskSpec): TaskPlan {
  const before = known.get(spec);
  if (before !== undefined) return before;
  const plan = {
    steps: (spec.runnables ?? []).map(stepOf),
    maxRunMs: optionalMs(spec.maxRunDuration),
    environment: environmentOf(spec),
    volumes: ('volumes' in spec ? spec.volumes : undefined) ?? [],
    computeResource: ('computeResource' in spec ? spec.computeResource : undefined) ?? {},
  };
  known.set(spec, plan);
  return plan;
}

function stepOf(runnable: Runnable, index: number): Step {
  const kind =
    runnable.barrier !== undefined ? 'barrier' : runnable.container !== undefined ? 'container' : 'script';
  return {
    kind,
    position: index + 1,
    displayName: runnable.displayName === '' ? undefined : runnable.displayName,
    background: runnable.background ?? false,
    alwaysRun: runnable.alwaysRun ?? false,
    ignoreExitStatus: runnable.ignoreExitStatus ?? false,
    timeoutMs: optionalMs(runnable.timeout),
    runnable,
  };
}

// A duration of 0 is how proto3 writes "not set".
function optionalMs(duration: string | undefined): number | undefined {
  const ms = duration === undefined ? 0 : durationMs(duration);
  return ms > 0 ? ms : undefined;
}

function environmentOf(spec: TaskSpec | AgentTaskSpec): Environment {
  const deprecated = 'environments' in spec ? spec.environments : undefined;
  if (deprecated === undefined) return spec.environment ?? {};
  return { ...spec.environment, variables: { ...deprecated, ...spec.environment?.variables } };
}
