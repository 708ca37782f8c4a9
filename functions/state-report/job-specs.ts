import { failedPrecondition } from '../../shared/contract/error.ts';
import type { LogsPolicy } from '../../shared/contract/logs-policy.ts';
import type { TaskGroup } from '../../shared/contract/task-group.ts';
import { withoutLogins } from '../../shared/core/container/registry-login.ts';
import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import { groupIdOf } from '../../shared/core/job/job-record.ts';
import type { Store } from '../../shared/ports/store.ts';
import { keepNewest } from '../keep-newest.ts';
import { loadJob } from '../load-job.ts';

/** Groups, those used last. */
const KEPT = 64;

export interface WishedGroup {
  readonly group: TaskGroup;
  readonly logsPolicy?: LogsPolicy;
}

/**
 * What clients asked for, kept in memory: a job's task spec never changes once it is created, can be a megabyte, and
 * is needed by every report.
 */
export class JobSpecs {
  readonly #store: Store;
  readonly #specs = new Map<string, WishedGroup>();

  constructor(store: Store) {
    this.#store = store;
  }

  /**
   * The group as asked for, without its logins where nodes do not pull images themselves. Throws FAILED_PRECONDITION when its
   * job is gone.
   */
  async group(of: Pick<GroupRecord, 'jobUid' | 'groupId' | 'launch'>): Promise<WishedGroup> {
    const key = `${of.jobUid}/${of.groupId}`;
    const known = this.#specs.get(key) ?? (await this.#load(of));
    this.#specs.delete(key);
    this.#specs.set(key, known);
    keepNewest(this.#specs, KEPT);
    return known;
  }

  async #load({
    jobUid,
    groupId,
    launch,
  }: Pick<GroupRecord, 'jobUid' | 'groupId' | 'launch'>): Promise<WishedGroup> {
    const job = await loadJob(this.#store, jobUid);
    const group = job?.body.spec.taskGroups?.find((_, order) => groupIdOf(order) === groupId);
    if (job === undefined || group === undefined)
      throw failedPrecondition('the job of this node is gone: stop');
    const { logsPolicy } = job.body.spec;
    const told = launch === undefined ? group : withoutLogins(group);
    return { group: told, ...(logsPolicy === undefined ? {} : { logsPolicy }) };
  }
}
