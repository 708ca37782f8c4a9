import { noteOnJob } from '../../shared/core/job/job-events.ts';
import { isLive } from '../../shared/core/job/job-states.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import type { Store } from '../../shared/ports/store.ts';
import { commitAgain } from '../commit-again.ts';
import { loadJobHead } from '../load-job.ts';
import { jobWrite } from '../write-job.ts';

/** Lines of this kind that a job's history takes; a job whose nodes fail by the hundred says so often enough. */
const NOTES_AT_MOST = 50;

/** Adds a line to the history of a job that runs: what happened to its nodes, and why it waits. */
export function noteOnRunningJob(
  { store, clock }: { store: Store; clock: Clock },
  jobUid: string,
  description: string,
): Promise<void> {
  return commitAgain(clock, async () => {
    const job = await loadJobHead(store, jobUid);
    if (job === undefined || !isLive(job.body.state)) return;
    const notes = job.body.events.filter((event) => event.type === 'OPERATIONAL_INFO');
    if (notes.length >= NOTES_AT_MOST || notes.some((note) => note.description === description)) return;
    noteOnJob(job.body, description, clock.now());
    await store.commit([jobWrite(job)]);
  });
}
