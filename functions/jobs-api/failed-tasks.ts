import type { TaskFailure } from '../../shared/contract/progress.ts';
import { taskKey, taskRanges } from '../../shared/core/keys.ts';
import { taskEvents } from '../../shared/core/task/task-events.ts';
import type { TaskRecord } from '../../shared/core/task/task-record.ts';
import type { Store } from '../../shared/ports/store.ts';
import type { ServicePorts } from '../service-ports.ts';
import type { GroupNow } from './group-now.ts';
import { lastLines } from './last-lines.ts';

const SHOWN_FAILURES = 5;
/** A group's tasks are looked through for failures up to here only. */
const LOOKED_THROUGH = 1000;
/** What a task wrote can be read this long after its end at the latest, if the log store has no delay of its own. */
const LOG_DELAY_MS = 10_000;

/**
 * The first few failed tasks of a job: the first of each seat, in the order of time, and where these are not enough the
 * failed ones among the first 1,000 tasks of the groups. So the cost does not grow with the number of tasks.
 */
export async function failedTasks(
  { store, logs, clock }: Pick<ServicePorts, 'store' | 'logs' | 'clock'>,
  jobUid: string,
  groups: readonly (GroupNow & { readonly failed: number })[],
): Promise<TaskFailure[]> {
  const wanted = Math.min(
    SHOWN_FAILURES,
    groups.reduce((sum, { failed }) => sum + failed, 0),
  );
  if (wanted === 0) return [];
  const records = await readFirstFailures(store, jobUid, groups);
  for (const { groupId } of groups) {
    if (records.size >= wanted) break;
    const ranges = taskRanges(jobUid, groupId, 0, LOOKED_THROUGH);
    const read = (await Promise.all(ranges.map((range) => store.query<TaskRecord>(range)))).flat();
    for (const { body } of read) if (body.state === 'FAILED') records.set(`${groupId}/${body.index}`, body);
  }
  const shown = [...records].filter(([, { state }]) => state === 'FAILED').slice(0, wanted);
  return Promise.all(
    shown.map(async ([task, record]) => {
      const end = taskEvents(record).findLast(({ state }) => state === 'FAILED');
      const groupId = task.slice(0, task.indexOf('/'));
      const isSettled = end !== undefined && clock.now() - end.at > LOG_DELAY_MS + logs.delayMs;
      return {
        task,
        exitCode: end?.exitCode ?? 50000,
        description: end?.description ?? '',
        attempts: record.attempts.length,
        lastLines: [...(await lastLines(logs, { jobUid, groupId, task: record.index }, isSettled))],
      };
    }),
  );
}

async function readFirstFailures(
  store: Store,
  jobUid: string,
  groups: readonly GroupNow[],
): Promise<Map<string, TaskRecord>> {
  const first = groups
    .flatMap(({ groupId, seats }) =>
      seats.flatMap(({ firstFailure }) => (firstFailure === undefined ? [] : [{ groupId, ...firstFailure }])),
    )
    .sort((a, b) => a.at - b.at)
    .slice(0, SHOWN_FAILURES);
  const records = await store.getMany<TaskRecord>(
    first.map(({ groupId, index }) => taskKey(jobUid, groupId, index)),
  );
  return new Map(
    first.flatMap(({ groupId, index }, at): [string, TaskRecord][] => {
      const record = records[at]?.body;
      return record === undefined ? [] : [[`${groupId}/${index}`, record]];
    }),
  );
}
