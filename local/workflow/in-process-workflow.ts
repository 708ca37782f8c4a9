import type { Workflow } from '../../shared/ports/workflow.ts';
import { JobRun, type RunPorts } from './job-run.ts';

/** Before a run that broke off is taken up again. */
const PAUSE_MS = 1000;

/**
 * Runs jobs in this process, through the same phases as the state machine on AWS: plan, then nodes and stages side by
 * side, then finish. It keeps nothing that the store does not have: after a restart `start` goes on where the records
 * say that the job is.
 */
export class InProcessWorkflow implements Workflow {
  readonly #ports: RunPorts;
  readonly #runs = new Map<string, JobRun>();
  /** Jobs that were to be started while their run was under way: what it read may be out of date. */
  readonly #again = new Set<string>();
  #stopped = false;

  constructor(ports: RunPorts) {
    this.#ports = ports;
  }

  async start(jobUid: string): Promise<void> {
    if (this.#stopped) return;
    if (this.#runs.has(jobUid)) {
      this.#again.add(jobUid);
      return;
    }
    const run = new JobRun(this.#ports, jobUid);
    this.#runs.set(jobUid, run);
    run
      .run()
      .catch((error: unknown) => {
        run.abandon();
        this.#ports.log(`the run of job ${jobUid} broke off and will be taken up again: ${String(error)}`);
        this.#ports.clock.after(PAUSE_MS, () => void this.start(jobUid));
      })
      .finally(() => {
        this.#runs.delete(jobUid);
        if (this.#again.delete(jobUid)) void this.start(jobUid);
      });
  }

  async stageEnded(): Promise<void> {
    // In this process nothing waits for a single stage: agents learn of an open barrier by their next report.
  }

  async groupReady(jobUid: string, groupId: string): Promise<void> {
    this.#runs.get(jobUid)?.groupReady(groupId);
  }

  async groupEnded(jobUid: string, groupId: string): Promise<void> {
    this.#runs.get(jobUid)?.groupEnded(groupId);
  }

  /** Leaves all runs where they are; nodes go on. The next start of the service picks them up. */
  stop(): void {
    this.#stopped = true;
    for (const run of this.#runs.values()) run.abandon();
    this.#runs.clear();
  }

  /** Jobs that are being run now. */
  get running(): number {
    return this.#runs.size;
  }
}
