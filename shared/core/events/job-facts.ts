import type { JobNotification } from '../../contract/notification.ts';
import { groupIdOf, type JobHead } from '../job/job-record.ts';

/** What events say of a job beside its states: what never changes once it is written. */
export interface JobFacts {
  readonly uid: string;
  readonly project: string;
  readonly location: string;
  readonly jobId: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly priority: number;
  readonly createdAt: number;
  /** When it was admitted, and with that planned; undefined while it is QUEUED. */
  readonly admittedAt: number | undefined;
  /** What one task of each group asks for. */
  readonly groups: Readonly<Record<string, { readonly cores: number; readonly memoryGib: number }>>;
  readonly notifications: readonly JobNotification[];
  /** The attributes that all its events have. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** Takes the facts out of a record. */
export function jobFacts(job: JobHead): JobFacts {
  const { uid, project, location, jobId, createdAt, spec } = job;
  const labels = spec.labels ?? {};
  return {
    uid,
    project,
    location,
    jobId,
    labels,
    priority: Number(spec.priority ?? 0),
    createdAt,
    // The first move of a job that is planned was its admission.
    admittedAt: job.events.find((event) => event.type === 'STATUS_CHANGED')?.at,
    groups: Object.fromEntries(
      (spec.taskGroups ?? []).map((_, order) => [groupIdOf(order), taskSize(job, order)]),
    ),
    notifications: spec.notifications ?? [],
    attributes: { JobUid: uid, JobId: jobId, Project: project, Labels: labelList(labels) },
  };
}

/** Without a wish for cores a node runs one task a core. */
function taskSize(job: JobHead, order: number): { cores: number; memoryGib: number } {
  const { cpuMilli, memoryMib } = job.spec.taskGroups?.[order]?.taskSpec?.computeResource ?? {};
  const cores = job.cpuGiven[order] === true ? Number(cpuMilli ?? 0) / 1000 : 1;
  return { cores, memoryGib: Number(memoryMib ?? 0) / 1024 };
}

/** `["env=prod","team=x"]`: one attribute, for a message that goes on to a queue can have ten (SNS raw delivery). */
function labelList(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return JSON.stringify(pairs.sort());
}

/** The label of jobs whose single tasks are to be told, all of them. */
const TASK_EVENTS = { key: 'sluice-events', value: 'all' };

/** Whether a job asks for the events of its single tasks: they are many, so it has to. */
export function wantsTaskEvents({ labels }: JobFacts): boolean {
  return labels[TASK_EVENTS.key] === TASK_EVENTS.value;
}
