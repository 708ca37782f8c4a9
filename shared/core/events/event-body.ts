import type { EventBody, EventBodyOf } from '../../contract/event.ts';
import { stopReason } from '../group/group-record.ts';
import type { JobFacts } from './job-facts.ts';
import type { EnvironmentStep, GroupStep, JobStep, NodeStep, StateStep, TaskStep } from './state-step.ts';

/** The body `Batch` of the event that a step is told with; `state` is Tencent Batch's word for where it leads. */
export function eventBody(step: StateStep, state: string, job: JobFacts): EventBody {
  switch (step.kind) {
    case 'job':
      return jobBody(step, state, job);
    case 'group':
      return groupBody(step, state, job);
    case 'task':
      return taskBody(step, state, job);
    case 'environment':
      return environmentBody(step, job);
    case 'node':
      return nodeBody(step, state, job);
  }
}

function jobBody(step: JobStep, state: string, job: JobFacts): EventBodyOf<'job'> {
  return {
    JobId: job.uid,
    JobName: job.jobId,
    JobState: state as EventBodyOf<'job'>['JobState'],
    Priority: job.priority,
    CreateTime: eventTime(job.createdAt),
    ...(step.finishedAt === undefined ? {} : { EndTime: eventTime(step.finishedAt) }),
    ...(step.reason === undefined ? {} : { StateReason: step.reason }),
  };
}

function groupBody({ groupId, at, to, stop }: GroupStep, state: string, job: JobFacts): EventBodyOf<'group'> {
  return {
    JobId: job.uid,
    JobName: job.jobId,
    TaskName: groupId,
    TaskState: state as EventBodyOf<'group'>['TaskState'],
    CreateTime: eventTime(job.createdAt),
    ...(to === 'RUNNING' ? {} : { EndTime: eventTime(at) }),
    ...(stop === undefined ? {} : { StateReason: `The group was stopped due to ${stopReason(stop)}.` }),
  };
}

function taskBody(step: TaskStep, state: string, job: JobFacts): EventBodyOf<'task'> {
  const { exitCode, reason, instanceId, assignedAt, startedAt, endedAt } = step;
  return {
    JobId: job.uid,
    JobName: job.jobId,
    TaskName: step.groupId,
    TaskInstanceIndex: step.index,
    TaskInstanceState: state as EventBodyOf<'task'>['TaskInstanceState'],
    ...(exitCode === undefined ? {} : { ExitCode: exitCode }),
    ...(reason === undefined ? {} : { StateReason: reason }),
    ...(instanceId === undefined ? {} : { ComputeNodeInstanceId: instanceId }),
    CreateTime: eventTime(job.createdAt),
    ...(assignedAt === undefined ? {} : { LaunchTime: eventTime(assignedAt) }),
    ...(startedAt === undefined ? {} : { RunningTime: eventTime(startedAt) }),
    ...(endedAt === undefined ? {} : { EndTime: eventTime(endedAt) }),
  };
}

function environmentBody({ groupId, seatCount }: EnvironmentStep, job: JobFacts): EventBodyOf<'environment'> {
  return {
    ...environment(job, groupId),
    DesiredComputeNodeCount: seatCount,
    CreateTime: eventTime(job.admittedAt ?? job.createdAt),
  };
}

function nodeBody(step: NodeStep, state: string, job: JobFacts): EventBodyOf<'node'> {
  const { EnvId, EnvName } = environment(job, step.groupId);
  const size = job.groups[step.groupId];
  return {
    ComputeNodeId: step.node?.instance ?? '',
    EnvId,
    ComputeNodeState: state as EventBodyOf<'node'>['ComputeNodeState'],
    Mem: round((size?.memoryGib ?? 0) * step.slots),
    ResourceCreatedTime: eventTime(step.since),
    EnvName,
    ComputeNodeInstanceId: step.node?.instanceId ?? '',
    Cpu: round((size?.cores ?? 0) * step.slots),
  };
}

/** A compute environment has no record of its own: it is its group's nodes. */
function environment(job: JobFacts, groupId: string): { EnvId: string; EnvName: string } {
  return { EnvId: `env-${job.uid}-${groupId}`, EnvName: `${job.jobId}-${groupId}` };
}

function round(number: number): number {
  return Math.round(number * 100) / 100;
}

const TEXTS_KEPT = 1000;
const texts = new Map<number, string>();

/** Whole seconds in UTC, as the documented message has them. Events come many to a second, and with the same few times. */
export function eventTime(epochMs: number): string {
  const second = Math.floor(epochMs / 1000);
  const known = texts.get(second);
  if (known !== undefined) return known;
  if (texts.size >= TEXTS_KEPT) texts.clear();
  const text = `${new Date(second * 1000).toISOString().slice(0, 19)}Z`;
  texts.set(second, text);
  return text;
}
