import { isFinished } from '../../../core/job/job-states.ts';
import type { VirtualMachines } from '../nodes/virtual-machines.ts';
import type { Verdict } from '../world.ts';
import type { Records } from './records.ts';

/** What is not at rest yet, in words; nothing when all jobs have come to their end and left nothing behind. */
export function unrest(records: Records, machines: VirtualMachines): string[] {
  const jobs = [...records.jobs.values()].filter(({ state }) => !isFinished(state));
  const nodes = machines.up();
  return [
    ...jobs.map(({ uid, state }) => `${uid} is ${state}`),
    ...nodes.map(
      ({ request, isDeclaredGone }) => `${request.instance} runs${isDeclaredGone ? ', thought gone' : ''}`,
    ),
  ];
}

/** What must hold when everything has come to rest. */
export function checkRest(verdict: Verdict, records: Records, feedLength: number): void {
  verdict.expect(feedLength === 0, 'the feed is consumed', () => `${feedLength} changes are left`);
  for (const { id, done, jobUid } of records.operations.values()) {
    verdict.expect(done, 'operations end', () => `${id} of ${jobUid} is not done`);
  }
  for (const uid of records.uids) {
    if (records.jobs.has(uid)) continue;
    const left = records.ofJob(uid);
    verdict.expect(left.length === 0, 'a deleted job leaves nothing', () => `${uid}: ${left.join(', ')}`);
  }
}
