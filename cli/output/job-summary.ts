import type { Job } from '../../shared/contract/job.ts';
import type { TaskGroup } from '../../shared/contract/task-group.ts';
import type { Progress } from '../api/answers.ts';
import type { Paint } from '../terminal/terminal.ts';
import { eventLines } from './event-lines.ts';
import { formatDurationField, formatTime } from './times.ts';
import { count, grouped, paintState } from './words.ts';

const SHOWN_EVENTS = 10;
const NAME_WIDTH = 14;

/** What a job has to do with others, and what it waits for. */
export type Relations = Pick<Progress, 'dependencies' | 'dependents' | 'waitingFor'>;

/** A job for people: what it is, how far its groups are, and the newest of its events. */
export function jobSummary(job: Job, paint: Paint, progress?: Relations): string[] {
  const id = job.name?.split('/').at(-1) ?? '';
  const events = job.status?.statusEvents ?? [];
  const fields: [string, string][] = [
    ['name', job.name ?? ''],
    ['uid', job.uid ?? ''],
    ['created', formatTime(job.createTime)],
    ['run time', formatDurationField(job.status?.runDuration)],
    ['priority', job.priority ?? ''],
    ['labels', pairs(job.labels ?? {})],
    ['waits for', (progress?.waitingFor ?? '').replace(/^waits for /, '')],
    ['depends on', dependsOn(job, progress)],
    ['awaited by', (progress?.dependents ?? []).map(shortName).join(', ')],
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

/** Jobs that this one waits for, with the state that each must reach and what has become of that. */
function dependsOn(job: Job, progress: Relations | undefined): string {
  const known = progress?.dependencies ?? [];
  if (known.length === 0) return (job.dependencies ?? []).map(({ items }) => pairs(items ?? {})).join(', ');
  const verdicts: Record<string, string> = { MET: 'met', IMPOSSIBLE: 'impossible', OPEN: 'open' };
  return known
    .map(({ job: name, need, verdict }) => `${shortName(name)}=${need} (${verdicts[verdict] ?? verdict})`)
    .join(', ');
}

const shortName = (name: string) => name.split('/').at(-1) ?? name;

function groupField(job: Job, group: TaskGroup, index: number): [string, string] {
  const id = group.name ? groupId(group.name) : `group${index}`;
  const counts = Object.entries(job.status?.taskGroups?.[id]?.counts ?? {}).filter(
    ([, number]) => Number(number) > 0,
  );
  const states = counts.map(([state, number]) => `${state} ${grouped(Number(number))}`).join(', ');
  const awaited = pairs(group.dependsOn ?? {});
  const after = awaited === '' ? '' : `, after ${awaited}`;
  const parallelism = group.parallelism ? `, ${group.parallelism} at once` : '';
  return [
    id,
    `${count(Number(group.taskCount ?? 1), 'task')}${parallelism}${after}${states === '' ? '' : `: ${states}`}`,
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
