import type { GroupProgress, Progress } from '../../shared/contract/progress.ts';

// Types alone: the schemas would cost each command the time to load them.
export type { LogEntry, LogPage } from '../../shared/contract/log-entries.ts';
export type { GroupProgress, NodeProgress, Progress, TaskFailure } from '../../shared/contract/progress.ts';

/** A long-running operation, of cancel and delete. */
export interface Operation {
  name: string;
  done?: boolean;
  error?: { code?: number; message?: string };
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
