import type { JobHead } from '../job/job-record.ts';
import type { JobStateName } from '../job/job-states.ts';
import type { JobStep } from './state-step.ts';

/** The moves of a job, all of them in its own record; none for one that is removed. */
export function jobSteps(before: JobHead | undefined, after: JobHead | undefined): JobStep[] {
  if (after === undefined || after.state === before?.state) return [];
  const begins = after.runningAt !== undefined && before?.runningAt === undefined;
  // A job can begin and end in one write: its first task ended before anybody looked.
  if (!begins || after.state === 'RUNNING') return [step(before?.state, after)];
  const running: JobStep = {
    kind: 'job',
    jobUid: after.uid,
    at: after.runningAt ?? after.updatedAt,
    from: before?.state,
    to: 'RUNNING',
  };
  return [running, step('RUNNING', after)];
}

function step(from: JobStateName | undefined, job: JobHead): JobStep {
  const line = job.events.findLast((event) => event.type === 'STATUS_CHANGED');
  return {
    kind: 'job',
    jobUid: job.uid,
    at: from === undefined ? job.createdAt : (line?.at ?? job.updatedAt),
    from,
    to: job.state,
    ...(job.finishedAt === undefined ? {} : { finishedAt: job.finishedAt }),
    ...(line === undefined ? {} : { reason: line.description }),
  };
}
