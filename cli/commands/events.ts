import type { Command } from 'commander';
import { parseJobName } from '../../shared/contract/resource-name.ts';
import { BatchClient } from '../api/batch-client.ts';
import { parseJob } from '../api/place.ts';
import { type Context, connect, type PlaceOptions, withPlace } from '../context.ts';
import { outcomeOf } from '../exit-codes.ts';
import { eventLines, type SourcedEvent } from '../output/event-lines.ts';
import { writeLines } from '../output/format.ts';
import { shortTaskName } from '../output/task-columns.ts';

interface EventsOptions extends PlaceOptions {
  follow?: boolean;
  tasks?: boolean;
}

/** Long enough for a restart of the service. */
const PATIENCE_MS = 60_000;
const POLL_MS = 500;

/** `sluice events JOB`: the history of a job, and with --tasks of its tasks, in the order of time. */
export function addEvents(program: Command, context: Context): void {
  withPlace(program.command('events'))
    .description('print what happened to a job')
    .argument('<job>', 'job id or full name')
    .option('-f, --follow', 'go on until the job ends')
    .option('--tasks', "print the tasks' events too")
    .action(async (text: string, options: EventsOptions) => {
      await printEvents(context, text, options);
    });
}

async function printEvents({ host }: Context, text: string, options: EventsOptions): Promise<void> {
  const { client, place } = connect(host, options);
  const name = parseJob(text, place);
  const printed = new Set<string>();
  let reader = client;
  for (;;) {
    const askedAt = host.now();
    const job = await reader.getJob(name);
    const events: SourcedEvent[] = [...(job.status?.statusEvents ?? [])];
    if (options.tasks) {
      for (const group of job.taskGroups ?? [])
        events.push(...(await taskEvents(reader, job.name ?? '', group.name)));
    }
    const fresh = unseen(events, printed);
    writeLines(host.out, eventLines(fresh, host.out.paint));
    const hasEnded = outcomeOf(job.status?.state ?? 'STATE_UNSPECIFIED') !== undefined;
    if (!options.follow || hasEnded) return;
    reader = new BatchClient(client.connection.patient(PATIENCE_MS));
    await host.sleep(Math.max(POLL_MS, 3 * (host.now() - askedAt)));
  }
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
