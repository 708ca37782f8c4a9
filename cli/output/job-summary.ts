import type { Job } from '../../shared/contract/job.ts';
import type { TaskGroup } from '../../shared/contract/task-group.ts';
import type { Paint } from '../terminal/terminal.ts';
import { eventLines } from './event-lines.ts';
import { formatDurationField, formatTime } from './times.ts';
import { count, grouped, paintState } from './words.ts';

const SHOWN_EVENTS = 10;
const NAME_WIDTH = 14;

/** A job for people: what it is, how far its groups are, and the newest of its events. */
export function jobSummary(job: Job, paint: Paint): string[] {
  const id = job.name?.split('/').at(-1) ?? '';
  const events = job.status?.statusEvents ?? [];
  const fields: [string, string][] = [
    ['name', job.name ?? ''],
    ['uid', job.uid ?? ''],
    ['created', formatTime(job.createTime)],
    ['run time', formatDurationField(job.status?.runDuration)],
    ['priority', job.priority ?? ''],
    ['labels', pairs(job.labels ?? {})],
    ['depends on', (job.dependencies ?? []).map(({ items }) => pairs(items ?? {})).join(', ')],
    ...(job.taskGroups ?? []).map((group, i): [string, string] => groupField(job, group, i)),
  ];
  const older = events.length - SHOWN_EVENTS;
  return [
    `${paint('bold', id)}  ${paintState(paint, job.status?.state ?? 'STATE_UNSPECIFIED')}`,
    ...fields
      .filter(([, text]) => text !== '')
      .map(([name, text]) => `${paint('gray', name.padEnd(NAME_WIDTH))}${text}`),
    ...(events.length > 0 ? [paint('gray', 'events')] : []),
    ...(older > 0 ? [`  ${count(older, 'older one')}: sluice events ${id}`] : []),
    ...eventLines(events, paint)
      .slice(-SHOWN_EVENTS)
      .map((line) => `  ${line}`),
  ];
}

function groupField(job: Job, group: TaskGroup, index: number): [string, string] {
  const id = group.name ? groupId(group.name) : `group${index}`;
  const counts = Object.entries(job.status?.taskGroups?.[id]?.counts ?? {}).filter(
    ([, number]) => Number(number) > 0,
  );
  const states = counts.map(([state, number]) => `${state} ${grouped(Number(number))}`).join(', ');
  const parallelism = group.parallelism ? `, ${group.parallelism} at once` : '';
  return [
    id,
    `${count(Number(group.taskCount ?? 1), 'task')}${parallelism}${states === '' ? '' : `: ${states}`}`,
  ];
}

function groupId(name: string): string {
  return name.split('/').at(-1) ?? name;
}

function pairs(map: Readonly<Record<string, string>>): string {
  return Object.entries(map)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ');
}
