import { invalidField } from './error.ts';

/** `projects/{project}`; a project is an id or a number, kept as the caller wrote it. */
export interface ProjectName {
  project: string;
}
/** `projects/{project}/locations/{location}`; the location `-` stands for all of them in lists. */
export interface LocationName extends ProjectName {
  location: string;
}
export interface JobName extends LocationName {
  jobId: string;
}
export interface TaskGroupName extends JobName {
  groupId: string;
}
export interface TaskName extends TaskGroupName {
  /** 0-based. */
  index: number;
}
export interface OperationName extends LocationName {
  operationId: string;
}

const PROJECT = 'projects/(?<project>[a-z0-9][a-z0-9.:_-]{0,127})';
const LOCATION = `${PROJECT}/locations/(?<location>-|[a-z][a-z0-9-]{0,62})`;
const JOB = `${LOCATION}/jobs/(?<jobId>[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)`;
const GROUP = `${JOB}/taskGroups/(?<groupId>[a-z][a-z0-9]{0,62})`;
const TASK = `${GROUP}/tasks/(?<index>0|[1-9][0-9]{0,8})`;
const OPERATION = `${LOCATION}/operations/(?<operationId>[A-Za-z0-9][A-Za-z0-9._-]{0,127})`;

const patterns = {
  project: whole(PROJECT),
  location: whole(LOCATION),
  job: whole(JOB),
  taskGroup: whole(GROUP),
  task: whole(TASK),
  operation: whole(OPERATION),
};

const shapes: Record<keyof typeof patterns, string> = {
  project: 'projects/{project}',
  location: 'projects/{project}/locations/{location}',
  job: 'projects/{project}/locations/{location}/jobs/{job}',
  taskGroup: 'projects/{project}/locations/{location}/jobs/{job}/taskGroups/{taskGroup}',
  task: 'projects/{project}/locations/{location}/jobs/{job}/taskGroups/{taskGroup}/tasks/{index}',
  operation: 'projects/{project}/locations/{location}/operations/{operation}',
};

/** Parses `projects/{project}`. Like all parsers here it throws INVALID_ARGUMENT on `field` when the text has another shape. */
export function parseProjectName(text: string, field = 'name'): ProjectName {
  return { project: parse('project', text, field).project ?? '' };
}

/** Parses `projects/{project}/locations/{location}`. */
export function parseLocationName(text: string, field = 'parent'): LocationName {
  const { project = '', location = '' } = parse('location', text, field);
  return { project, location };
}

/** Parses `…/jobs/{job}`. */
export function parseJobName(text: string, field = 'name'): JobName {
  const { project = '', location = '', jobId = '' } = parse('job', text, field);
  return { project, location, jobId };
}

/** Parses `…/jobs/{job}/taskGroups/{group}`. */
export function parseTaskGroupName(text: string, field = 'parent'): TaskGroupName {
  const { project = '', location = '', jobId = '', groupId = '' } = parse('taskGroup', text, field);
  return { project, location, jobId, groupId };
}

/** Parses `…/taskGroups/{group}/tasks/{index}`. */
export function parseTaskName(text: string, field = 'name'): TaskName {
  const { project = '', location = '', jobId = '', groupId = '', index } = parse('task', text, field);
  return { project, location, jobId, groupId, index: Number(index) };
}

/** Parses `projects/{project}/locations/{location}/operations/{operation}`. */
export function parseOperationName(text: string, field = 'name'): OperationName {
  const { project = '', location = '', operationId = '' } = parse('operation', text, field);
  return { project, location, operationId };
}

export function formatLocationName({ project, location }: LocationName): string {
  return `projects/${project}/locations/${location}`;
}

export function formatJobName(name: JobName): string {
  return `${formatLocationName(name)}/jobs/${name.jobId}`;
}

export function formatTaskGroupName(name: TaskGroupName): string {
  return `${formatJobName(name)}/taskGroups/${name.groupId}`;
}

/** The id of a job's nth task group, from 0: `group0`. Clients rely on this form. */
export function taskGroupId(position: number): string {
  return `group${position}`;
}

export function formatTaskName(name: TaskName): string {
  return `${formatTaskGroupName(name)}/tasks/${name.index}`;
}

export function formatOperationName(name: OperationName): string {
  return `${formatLocationName(name)}/operations/${name.operationId}`;
}

function whole(pattern: string): RegExp {
  return new RegExp(`^${pattern}$`);
}

function parse(kind: keyof typeof patterns, text: string, field: string): Record<string, string | undefined> {
  const groups = patterns[kind].exec(text)?.groups;
  if (groups !== undefined) return groups;
  throw invalidField(field, `must have the form ${shapes[kind]}; given ${JSON.stringify(text)}`);
}
