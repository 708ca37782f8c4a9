import type { Job } from '../../shared/contract/job.ts';
import type { Column } from './table.ts';
import { formatDurationField, formatTime } from './times.ts';
import { grouped, styleOf } from './words.ts';

/** The columns of a list of jobs. */
export function columnsOfJobs({ withLocation }: { withLocation: boolean }): Column<Job>[] {
  const location: Column<Job>[] = withLocation
    ? [{ title: 'LOCATION', text: (job) => job.name?.split('/')[3] ?? '' }]
    : [];
  return [
    { title: 'NAME', text: (job) => job.name?.split('/').at(-1) ?? '' },
    ...location,
    { title: 'STATE', text: (job) => job.status?.state ?? '', style: styleOf },
    { title: 'ENDED', text: endedOf, align: 'right' },
    { title: 'FAILED', text: (job) => grouped(countOf(job, 'FAILED')), align: 'right' },
    { title: 'CREATED', text: (job) => formatTime(job.createTime) },
    { title: 'RUN TIME', text: (job) => formatDurationField(job.status?.runDuration) },
  ];
}

/** `97/100`: tasks that have ended, of all. */
function endedOf(job: Job): string {
  const tasks = (job.taskGroups ?? []).reduce((all, group) => all + Number(group.taskCount ?? 1), 0);
  const ended = countOf(job, 'SUCCEEDED') + countOf(job, 'FAILED') + countOf(job, 'UNEXECUTED');
  return `${grouped(ended)}/${grouped(tasks)}`;
}

/** Tasks of a job in one state, by the job's own counts. */
export function countOf(job: Job, state: string): number {
  const groups = Object.values(job.status?.taskGroups ?? {});
  return groups.reduce((all, group) => all + Number(group.counts?.[state] ?? 0), 0);
}
