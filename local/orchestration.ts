import { admitJobs } from '../functions/advance-jobs/admit-jobs.ts';
import { advanceGroup } from '../functions/advance-jobs/advance-group.ts';
import { type AdvanceJobsPorts, advanceJobs } from '../functions/advance-jobs/advance-jobs.ts';
import { stopGroup } from '../functions/advance-jobs/stop-group.ts';
import { commitAgain } from '../functions/commit-again.ts';
import { activeJobs, loadGroups } from '../functions/load-job.ts';
import { sweepCapacity } from '../functions/sweep-jobs/sweep-capacity.ts';
import { sweepJobs } from '../functions/sweep-jobs/sweep-jobs.ts';
import type { UseLimits } from '../shared/core/admission/use-limits.ts';
import type { Change } from '../shared/ports/store.ts';
import { FeedPump } from './feed-pump.ts';
import { InProcessWorkflow } from './workflow/in-process-workflow.ts';
import type { RunPorts } from './workflow/job-run.ts';

export type OrchestrationPorts = Omit<RunPorts, 'giveUp' | 'nodeSilenceMs' | 'nodeGraceMs' | 'place'> & {
  readonly limits: UseLimits;
  readonly nodeSilenceMs?: number;
  readonly nodeGraceMs?: number;
};

/** The change feed, its consumer and the workflow, wired together in one process. */
export class Orchestration {
  readonly #ports: AdvanceJobsPorts;
  readonly #workflow: InProcessWorkflow;
  readonly #pump: FeedPump;

  /** `publish` tells of changes before anything follows from them; `consumed` is called when all has followed. */
  constructor(
    ports: OrchestrationPorts,
    publish: (changes: readonly Change[]) => Promise<void>,
    consumed: (changes: readonly Change[]) => void,
  ) {
    this.#workflow = new InProcessWorkflow({
      nodeSilenceMs: 30_000,
      nodeGraceMs: 10_000,
      place: { zone: 'local-a', machineType: 'local' },
      ...ports,
      giveUp: (group, seat, reason) =>
        stopGroup(this.#ports, group.jobUid, group.groupId, { kind: 'NODES_LOST', seat, reason }),
    });
    this.#ports = { ...ports, workflow: this.#workflow };
    this.#pump = new FeedPump(
      ports.store,
      async (changes) => {
        await publish(changes);
        await advanceJobs(this.#ports, changes);
        consumed(changes);
      },
      ports.log,
    );
  }

  /** There may be changes to consume. */
  wake(): void {
    this.#pump.wake();
  }

  /** Goes on with all that an earlier life of the service left under way. */
  async resume(): Promise<void> {
    for (const { body } of await activeJobs(this.#ports.store)) {
      for (const group of await loadGroups(this.#ports.store, body)) {
        // Agents of the earlier life report already, so another writer may come between.
        await commitAgain(this.#ports.clock, () => advanceGroup(this.#ports, body.uid, group.body.groupId));
      }
      await this.#workflow.start(body.uid);
    }
    await sweepCapacity(this.#ports);
    await admitJobs(this.#ports);
    this.wake();
  }

  /** Finds what no change tells: to be called once a minute. */
  async sweep(): Promise<void> {
    await sweepJobs(this.#ports);
    await sweepCapacity(this.#ports);
    await admitJobs(this.#ports);
  }

  async stop(): Promise<void> {
    this.#workflow.stop();
    await this.#pump.stop();
  }
}
