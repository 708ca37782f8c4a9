import type { Job } from '../../contract/job.ts';
import type { TaskGroup } from '../../contract/task-group.ts';
import type { TaskSpec } from '../../contract/task-spec.ts';

const ofTaskSpec = ['runnables', 'environment', 'environments', 'volumes'] as const;
const ofGroup = ['taskEnvironments'] as const;
type OfTaskSpec = (typeof ofTaskSpec)[number];
type OfGroup = (typeof ofGroup)[number];

/**
 * A group without what its tasks do: what a job's own record says of it. The rest is `unknown` here, so that no code takes
 * an outline for the whole.
 */
export type GroupOutline = Omit<TaskGroup, OfGroup | 'taskSpec'> & {
  taskSpec?: (Omit<TaskSpec, OfTaskSpec> & { readonly [Field in OfTaskSpec]?: unknown }) | undefined;
} & { readonly [Field in OfGroup]?: unknown };

/** A job's spec without what can be large. */
export type JobOutline = Omit<Job, 'taskGroups'> & { taskGroups?: GroupOutline[] | undefined };

/** What can be large, in an item of its own: it never changes, and is read by those alone who need it. */
export interface SpecRecord {
  /** Of each group, in order. */
  readonly groups: readonly GroupBody[];
}

interface GroupBody {
  readonly group: Pick<TaskGroup, OfGroup>;
  readonly taskSpec: Pick<TaskSpec, OfTaskSpec>;
}

/** The spec as the job's own record keeps it. */
export function outlineOf(spec: JobOutline): JobOutline {
  if (spec.taskGroups === undefined) return spec;
  return { ...spec, taskGroups: spec.taskGroups.map(groupOutline) };
}

function groupOutline(group: GroupOutline): GroupOutline {
  const outline = without(group, ofGroup);
  return group.taskSpec === undefined
    ? outline
    : { ...outline, taskSpec: without(group.taskSpec, ofTaskSpec) };
}

/** What the outline leaves out. */
export function specRecord(spec: Job): SpecRecord {
  return {
    groups: (spec.taskGroups ?? []).map((group) => ({
      group: only(group, ofGroup),
      taskSpec: only(group.taskSpec ?? {}, ofTaskSpec),
    })),
  };
}

/** The whole spec: an outline as it is now, with what never changes. */
export function wholeSpec(outline: JobOutline, { groups }: SpecRecord): Job {
  if (outline.taskGroups === undefined) return outline as Job;
  return { ...outline, taskGroups: outline.taskGroups.map((group, at) => wholeGroup(group, groups[at])) };
}

function wholeGroup(outline: GroupOutline, body: GroupBody | undefined): TaskGroup {
  const group = { ...outline, ...body?.group } as TaskGroup;
  if (outline.taskSpec === undefined) return group;
  return { ...group, taskSpec: { ...(outline.taskSpec as TaskSpec), ...body?.taskSpec } };
}

function without<Value extends object, Name extends keyof Value>(
  value: Value,
  names: readonly Name[],
): Omit<Value, Name> {
  const left = { ...value };
  for (const name of names) delete left[name];
  return left;
}

function only<Value extends object, Name extends keyof Value>(
  value: Value,
  names: readonly Name[],
): Pick<Value, Name> {
  const given = names.filter((name) => value[name] !== undefined);
  return Object.fromEntries(given.map((name) => [name, value[name]])) as Pick<Value, Name>;
}
