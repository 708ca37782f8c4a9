import type { JobState } from '../../shared/contract/states.ts';

/** A long-running operation, of cancel and delete. */
export interface Operation {
  name: string;
  done?: boolean;
  error?: { code?: number; message?: string };
}

/** One line that a task wrote: `GET …/jobs/J/logEntries`. */
export interface LogEntry {
  time: string;
  taskGroup: string;
  task: string;
  attempt: number;
  runnable: number;
  stream: 'stdout' | 'stderr';
  text: string;
}

/** One page of a job's output. The token works again later, to get what came since. */
export interface LogPage {
  entries: LogEntry[];
  nextPageToken: string;
  /** More may come, though the job has ended: what it wrote last may still be on its way. */
  mayGrow: boolean;
}

/** Where a job is: `GET …/jobs/J/progress`. */
export interface Progress {
  state: JobState;
  /** Why the job waits, when it does. */
  waitingFor?: string;
  /** Jobs that this one waits for, or waited for. */
  dependencies?: { job: string; need: string; verdict: string; was?: string }[];
  /** Names of the first jobs that wait for this one. */
  dependents?: string[];
  groups: GroupProgress[];
  nodes: NodeProgress[];
  /** The first few tasks that failed. */
  failures: TaskFailure[];
}

export interface GroupProgress {
  group: string;
  taskCount: number;
  /** Current stage, counted from 1. */
  stage: number;
  stages: number;
  /** Tasks that wait at the current barrier. */
  atBarrier: number;
  /** Task state to the number of tasks in it. */
  counts: Record<string, number>;
}

export interface NodeProgress {
  name: string;
  state: string;
  slots: number;
  /** Tasks that run on it now. */
  running: number;
  /** Tasks that ended on it. */
  ended: number;
  since?: string;
}

export interface TaskFailure {
  /** `group0/3`. */
  task: string;
  exitCode?: number;
  description?: string;
  attempts?: number;
  /** The end of what it wrote. */
  lastLines?: string[];
}

/** What the service may leave out, as JSON of protobuf leaves out zeros. */
type Sparse<T> = { [K in keyof T]?: T[K] | undefined };

/** Fills in what the answer left out; counts may come as strings, as 64-bit integers do. */
export function readProgress(json: Sparse<Progress>): Progress {
  return {
    state: json.state ?? 'STATE_UNSPECIFIED',
    ...(json.waitingFor ? { waitingFor: json.waitingFor } : {}),
    ...(json.dependencies
      ? { dependencies: json.dependencies as NonNullable<Progress['dependencies']> }
      : {}),
    ...(json.dependents ? { dependents: json.dependents as string[] } : {}),
    groups: (json.groups ?? []).map(readGroup),
    nodes: (json.nodes ?? []).map((node) => ({
      ...node,
      slots: Number(node.slots ?? 0),
      running: Number(node.running ?? 0),
      ended: Number(node.ended ?? 0),
    })),
    failures: json.failures ?? [],
  };
}

function readGroup(json: Sparse<GroupProgress>): GroupProgress {
  const counts = Object.entries(json.counts ?? {}).map(([state, count]) => [state, Number(count)] as const);
  return {
    group: json.group ?? '',
    taskCount: Number(json.taskCount ?? 0),
    stage: Number(json.stage ?? 1),
    stages: Number(json.stages ?? 1),
    atBarrier: Number(json.atBarrier ?? 0),
    counts: Object.fromEntries(counts),
  };
}
