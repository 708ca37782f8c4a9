import type { Command } from 'commander';
import { type JobName, parseJobName } from '../../shared/contract/resource-name.ts';
import { BatchClient } from '../api/batch-client.ts';
import { parseJob } from '../api/place.ts';
import { type Context, connect, type PlaceOptions, withPlace } from '../context.ts';
import { outcomeOf } from '../exit-codes.ts';
import { type Happening, happenings } from '../follow/happenings.ts';
import { eventLines, messageLine, type SourcedEvent } from '../output/event-lines.ts';
import { writeLines } from '../output/format.ts';
import { shortTaskName } from '../output/task-columns.ts';
import { UsageError } from '../usage-error.ts';

interface EventsOptions extends PlaceOptions {
  follow?: boolean;
  tasks?: boolean;
}

/** Long enough for a restart of the service. */
const PATIENCE_MS = 60_000;

/** `sluice events JOB`: the history of a job, and with --tasks of its tasks; `sluice events -f`: what happens to all jobs. */
export function addEvents(program: Command, context: Context): void {
  withPlace(program.command('events'))
    .description('print what happened to a job, or what happens to all jobs')
    .argument('[job]', 'job id or full name; all jobs of the location without it')
    .option('-f, --follow', 'go on until the job ends; of all jobs, until Ctrl-C')
    .option('--tasks', "print the tasks' events too")
    .action(async (text: string | undefined, options: EventsOptions) => {
      if (text === undefined && !options.follow)
        throw new UsageError('name a job, or follow what happens to all jobs with --follow');
      const leaving = new AbortController();
      const stopListening = context.host.onInterrupt(() => leaving.abort());
      try {
        if (text === undefined) await followAll(context, options, leaving.signal);
        else await printEvents(context, text, options, leaving.signal);
      } finally {
        leaving.abort();
        stopListening();
      }
    });
}

async function followAll({ host }: Context, options: EventsOptions, signal: AbortSignal): Promise<void> {
  const { client, place } = connect(host, options);
  const asked = { place, tasks: options.tasks === true };
  for await (const happening of happenings(client.connection, asked, {
    host,
    signal,
    patienceMs: PATIENCE_MS,
  }))
    if (happening !== 'opened') writeLines(host.out, [messageLine(happening, host.out.paint)]);
}

async function printEvents(
  { host }: Context,
  text: string,
  options: EventsOptions,
  signal: AbortSignal,
): Promise<void> {
  const { client, place } = connect(host, options);
  const name = parseJob(text, place);
  const printed = new Set<string>();
  const print = (events: readonly SourcedEvent[]) =>
    writeLines(host.out, eventLines(unseen(events, printed), host.out.paint));
  /** Prints what is new, and says whether the job has ended. */
  async function look(reader: BatchClient, happening: Happening): Promise<boolean> {
    const task = happening === 'opened' ? undefined : taskOf(happening);
    if (task !== undefined) {
      print(await oneTask(reader, name, task));
      return false;
    }
    const job = await reader.getJob(name);
    const events: SourcedEvent[] = [...(job.status?.statusEvents ?? [])];
    if (options.tasks && happening === 'opened')
      for (const group of job.taskGroups ?? [])
        events.push(...(await taskEvents(reader, job.name ?? '', group.name)));
    print(events);
    return outcomeOf(job.status?.state ?? 'STATE_UNSPECIFIED') !== undefined;
  }
  if ((await look(client, 'opened')) || !options.follow) return;
  const patient = new BatchClient(client.connection.patient(PATIENCE_MS, signal));
  const asked = { place, job: name, tasks: options.tasks === true };
  for await (const happening of happenings(client.connection, asked, {
    host,
    signal,
    patienceMs: PATIENCE_MS,
  }))
    if (await look(patient, happening)) return;
}

/** The task that an event is about: `{job uid}/{group}/tasks/{index}`. */
function taskOf({ subject }: Exclude<Happening, 'opened'>): { groupId: string; index: number } | undefined {
  const [, groupId = '', kind, index] = subject.split('/');
  return kind === 'tasks' ? { groupId, index: Number(index) } : undefined;
}

async function oneTask(
  client: BatchClient,
  job: JobName,
  task: { groupId: string; index: number },
): Promise<SourcedEvent[]> {
  const { name, status } = await client.getTask({ ...job, ...task });
  const source = shortTaskName(name);
  return (status?.statusEvents ?? []).map((event) => ({ ...event, source }));
}

/** The events that were not there before; events of one job or task may come out of order, so each is remembered by itself. */
export function unseen(events: readonly SourcedEvent[], seen: Set<string>): SourcedEvent[] {
  return events.filter((event) => {
    const key = JSON.stringify([
      event.source,
      event.eventTime,
      event.type,
      event.description,
      event.taskState,
    ]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

async function taskEvents(
  client: BatchClient,
  job: string,
  group: string | undefined,
): Promise<SourcedEvent[]> {
  const groupId = group?.split('/').at(-1) ?? 'group0';
  const events: SourcedEvent[] = [];
  for await (const tasks of client.listTasks({ ...parseJobName(job), groupId }, {})) {
    for (const task of tasks) {
      const source = shortTaskName(task.name);
      events.push(...(task.status?.statusEvents ?? []).map((event) => ({ ...event, source })));
    }
  }
  return events;
}
