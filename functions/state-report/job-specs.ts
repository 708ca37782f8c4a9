import { failedPrecondition } from '../../shared/contract/error.ts';
import type { LogsPolicy } from '../../shared/contract/logs-policy.ts';
import type { TaskGroup } from '../../shared/contract/task-group.ts';
import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import { groupIdOf } from '../../shared/core/job/job-record.ts';
import type { Store } from '../../shared/ports/store.ts';
import { loadJob } from '../load-job.ts';

export interface WishedGroup {
  readonly group: TaskGroup;
  readonly logsPolicy?: LogsPolicy;
}

/**
 * What clients asked for, kept in memory: a job's task spec never changes once it is created, can be a megabyte, and
 * is needed by every report. Holds the 64 jobs used last.
 */
export class JobSpecs {
  readonly #store: Store;
  readonly #specs = new Map<string, WishedGroup>();

  constructor(store: Store) {
    this.#store = store;
  }

  /** The group as asked for. Throws FAILED_PRECONDITION when its job is gone. */
  async group({ jobUid, groupId }: Pick<GroupRecord, 'jobUid' | 'groupId'>): Promise<WishedGroup> {
    const key = `${jobUid}/${groupId}`;
    const known = this.#specs.get(key) ?? (await this.#load(jobUid, groupId));
    this.#specs.delete(key);
    this.#specs.set(key, known);
    for (const oldest of this.#specs.keys()) {
      if (this.#specs.size <= 64) break;
      this.#specs.delete(oldest);
    }
    return known;
  }

  async #load(jobUid: string, groupId: string): Promise<WishedGroup> {
    const job = await loadJob(this.#store, jobUid);
    const group = job?.body.spec.taskGroups?.find((_, order) => groupIdOf(order) === groupId);
    if (job === undefined || group === undefined)
      throw failedPrecondition('the job of this node is gone: stop');
    const { logsPolicy } = job.body.spec;
    return { group, ...(logsPolicy === undefined ? {} : { logsPolicy }) };
  }
}
