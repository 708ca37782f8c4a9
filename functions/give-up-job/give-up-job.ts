import { moveJob } from '../../shared/core/job/job-events.ts';
import { isFinished, isLive } from '../../shared/core/job/job-states.ts';
import type { LogReader } from '../../shared/ports/log-reader.ts';
import { type AdvancePorts, advanceGroup } from '../advance-jobs/advance-group.ts';
import { stopGroup } from '../advance-jobs/stop-group.ts';
import { commitAgain } from '../commit-again.ts';
import { endOperations } from '../finish-job/end-operations.ts';
import { finishJob } from '../finish-job/finish-job.ts';
import { forgetLogins, type LoginPorts } from '../forget-logins.ts';
import { loadGroups, loadJobHead } from '../load-job.ts';
import { jobWrite } from '../write-job.ts';
import { releaseNodes } from './release-nodes.ts';
import type { StopNode } from './stop-node.ts';

export interface GiveUpPorts extends AdvancePorts, LoginPorts {
  readonly logs: LogReader;
  readonly stopNode: StopNode;
}

/**
 * Ends a job whose run has broken off: nothing of it is started any more, its nodes are stopped and their tasks taken
 * from them, and its outcome is written. A job that has ended already stays as it is.
 */
export async function giveUpJob(ports: GiveUpPorts, jobUid: string, reason: string): Promise<void> {
  const job = await loadJobHead(ports.store, jobUid);
  if (job === undefined) return;
  if (isFinished(job.body.state)) return forgetLogins(ports, job.body);
  const groups = await loadGroups(ports.store, job.body);
  if (groups.length < (job.body.spec.taskGroups ?? []).length && isLive(job.body.state)) {
    return failUnplanned(ports, jobUid, reason);
  }
  for (const { body: group } of groups) {
    if (group.endedAt !== undefined) continue;
    await stopGroup(ports, jobUid, group.groupId, { kind: 'RUN_DIED', reason });
    await releaseNodes(ports, group, 'its job has been given up');
    await commitAgain(ports.clock, () => advanceGroup(ports, jobUid, group.groupId));
  }
  await finishJob(ports, jobUid);
}

/** A job without a plan has nothing to stop; a plan that broke off may have kept logins. */
async function failUnplanned(ports: GiveUpPorts, jobUid: string, reason: string): Promise<void> {
  const { store, clock } = ports;
  const ended = await commitAgain(clock, async () => {
    const item = await loadJobHead(store, jobUid);
    if (item === undefined || !isLive(item.body.state)) return item?.body;
    const now = clock.now();
    moveJob(item.body, 'failed', now, { suffix: `Job failed because it could not be run: ${reason}.` });
    item.body.finishedAt = now;
    await store.commit([jobWrite(item), ...(await endOperations(store, item.body, now))]);
    return item.body;
  });
  await forgetLogins(ports, ended);
}
