import { JOB_ID } from '../../shared/contract/job-id.ts';
import {
  type JobName,
  type LocationName,
  parseJobName,
  parseTaskGroupName,
  parseTaskName,
  type TaskName,
} from '../../shared/contract/resource-name.ts';
import { UsageError } from '../usage-error.ts';

/** What a user may point at with one word: a job, one of its task groups, or one of its tasks. */
export type Target =
  | { kind: 'job'; job: JobName }
  | { kind: 'group'; job: JobName; groupId: string }
  | { kind: 'task'; job: JobName; task: TaskName };

const GROUP_ID = /^[a-z][a-z0-9]{0,62}$/;
const TASK_INDEX = /^(0|[1-9]\d{0,8})$/;

/** A job by its short id or its full name `projects/…/jobs/…`; the full name wins over --project and --location. */
export function parseJob(text: string, place: LocationName): JobName {
  const target = parseTarget(text, place);
  if (target.kind !== 'job')
    throw new UsageError(`'${text}' names more than a job; give JOB or projects/…/jobs/JOB`);
  return target.job;
}

/** `JOB`, `JOB/GROUP`, `JOB/GROUP/TASK`, or any of the full names `projects/…`. */
export function parseTarget(text: string, place: LocationName): Target {
  return text.startsWith('projects/') ? parseFullName(text) : parseShortName(text, place);
}

/** A task: `JOB/GROUP/TASK`, a full name, or `TASK` or `GROUP/TASK` of the job given apart. */
export function parseTask(text: string, place: LocationName, job?: string, group = 'group0'): TaskName {
  if (job !== undefined && !text.startsWith('projects/')) {
    const [index = '', groupId = group, ...rest] = text.split('/').reverse();
    if (rest.length === 0) return taskName(parseJob(job, place), groupId, index);
  }
  const target = parseTarget(text, place);
  if (target.kind === 'task') return target.task;
  throw new UsageError(
    `'${text}' names no task; give JOB/GROUP/TASK, such as my-job/group0/3, or TASK with --job`,
  );
}

function parseFullName(text: string): Target {
  const parts = text.split('/').length;
  if (parts === 10) {
    const task = parseTaskName(text);
    return { kind: 'task', job: task, task };
  }
  if (parts === 8) {
    const group = parseTaskGroupName(text);
    return { kind: 'group', job: group, groupId: group.groupId };
  }
  return { kind: 'job', job: parseJobName(text) };
}

function parseShortName(text: string, place: LocationName): Target {
  const [jobId = '', groupId, index, ...rest] = text.split('/');
  if (!JOB_ID.test(jobId) || rest.length > 0) {
    throw new UsageError(
      `'${text}' names no job; a job id has at most 63 of a-z, 0-9 and '-', starts with a letter and does not end with '-'`,
    );
  }
  const job = { project: place.project, location: place.location, jobId };
  if (groupId === undefined) return { kind: 'job', job };
  if (index !== undefined) return { kind: 'task', job, task: taskName(job, groupId, index) };
  checkGroup(groupId);
  return { kind: 'group', job, groupId };
}

function taskName(job: JobName, groupId: string, index: string): TaskName {
  checkGroup(groupId);
  if (!TASK_INDEX.test(index)) throw new UsageError(`'${index}' is no task index; it counts from 0`);
  const { project, location, jobId } = job;
  return { project, location, jobId, groupId, index: Number(index) };
}

function checkGroup(groupId: string): void {
  if (!GROUP_ID.test(groupId)) throw new UsageError(`'${groupId}' is no task group; the first one is group0`);
}
