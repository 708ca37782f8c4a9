import { cancelJob } from '../../../../functions/jobs-api/cancel-job.ts';
import { createJob } from '../../../../functions/jobs-api/create-job.ts';
import { deleteJob } from '../../../../functions/jobs-api/delete-job.ts';
import { patchJob } from '../../../../functions/jobs-api/patch-job.ts';
import { ApiError } from '../../../contract/error.ts';
import type { Job } from '../../../contract/job.ts';
import { ServiceDownError, type ServiceLife } from '../service/service-life.ts';
import type { VirtualService } from '../service/virtual-service.ts';
import type { World } from '../world.ts';
import { randomJob } from './random-job.ts';

const parentOf = (project: string) => `projects/${project}/locations/us-central1`;
const AGAIN_MS = 700;
/** What a request may be refused with, because the job has come to its end or another request was first. */
const refusals: readonly string[] = ['FAILED_PRECONDITION', 'NOT_FOUND', 'ALREADY_EXISTS'];

/** Clients: they create jobs, and cancel, delete and change some of them at any time. A request without an answer is sent again. */
export class VirtualClient {
  readonly #world: World;
  readonly #service: VirtualService;
  #underWay = 0;
  /** Projects of the jobs that have been planned, by their ids. */
  readonly #projects = new Map<string, string>();

  constructor(world: World, service: VirtualService) {
    this.#world = world;
    this.#service = service;
  }

  /** Whether everything that was to be requested has been answered. */
  get isDone(): boolean {
    return this.#underWay === 0;
  }

  /** Plans all requests of one job, `number` among others. */
  plan(number: number, mostTasks: number): void {
    const { random } = this.#world;
    const jobId = `job-${number}`;
    const project = random.pick(['p', 'p', 'q']);
    const dependencies = this.#dependencies(project);
    const job = { ...randomJob(random, mostTasks), ...dependencies };
    this.#projects.set(jobId, project);
    const startMs = this.#projects.size === 1 ? 0 : random.between(0, 10_000);
    const parent = parentOf(project);
    // What it is to wait for may not be there yet, or may be gone.
    const verb = job.dependencies === undefined ? 'create' : 'create dependent';
    this.#later(startMs, verb, jobId, ({ ports }, requestId) =>
      createJob(ports, { parent, jobId, requestId, job: structuredClone(job) }),
    );
    const name = `${parent}/jobs/${jobId}`;
    const afterwards = () => startMs + 1 + (random.chance(0.3) ? random.between(0, 50) : random.wait(5_000));
    if (random.chance(0.3)) {
      this.#later(afterwards(), 'cancel', jobId, ({ ports }, requestId) =>
        cancelJob(ports, { name, requestId }),
      );
    }
    if (random.chance(0.3)) {
      this.#later(afterwards(), 'delete', jobId, ({ ports }, requestId) =>
        deleteJob(ports, { name, requestId }),
      );
    }
    for (let patches = random.chance(0.4) ? random.between(1, 2) : 0; patches > 0; patches -= 1) {
      const more = raised(job, random.between(1, 8) * patches);
      this.#later(afterwards(), 'patch', jobId, ({ ports }) =>
        patchJob(ports, { name, updateMask: 'taskGroups', job: more }),
      );
    }
  }

  /** Up to two jobs of the same project that a new one waits for. */
  #dependencies(project: string): Pick<Job, 'dependencies'> {
    const { random } = this.#world;
    const others = [...this.#projects].filter(([, of]) => of === project && random.chance(0.4));
    if (others.length === 0) return {};
    const items = others
      .slice(0, 2)
      .map(([jobId]) => [jobId, random.pick(['SUCCEEDED', 'FAILED', 'FINISHED', 'FINISHED'] as const)]);
    return { dependencies: [{ items: Object.fromEntries(items) }] };
  }

  #later(
    ms: number,
    verb: string,
    jobId: string,
    send: (life: ServiceLife, requestId: string) => Promise<unknown>,
  ): void {
    this.#underWay += 1;
    this.#world.tally.add(verb);
    const digits = () =>
      Math.floor(this.#world.random.next() * 2 ** 32)
        .toString(16)
        .padStart(8, '0');
    const requestId = `${digits()}-0000-4000-8000-0000${digits()}`;
    const { clock, trace } = this.#world;
    clock.after(ms, () => {
      trace.add(() => `client: ${verb} ${jobId}`);
      void this.#request(verb, jobId, (life) => send(life, requestId));
    });
  }

  async #request(verb: string, jobId: string, send: (life: ServiceLife) => Promise<unknown>): Promise<void> {
    const { clock, trace, verdict } = this.#world;
    try {
      await this.#service.do(send);
      trace.add(() => `client: ${verb} ${jobId} is answered`);
      this.#underWay -= 1;
    } catch (error) {
      if (error instanceof ServiceDownError) {
        clock.after(AGAIN_MS, () => void this.#request(verb, jobId, send));
        return;
      }
      trace.add(() => `client: ${verb} ${jobId} is refused: ${String(error)}`);
      const isRefusal =
        error instanceof ApiError &&
        (refusals.includes(error.status) || verb === 'patch' || verb === 'create dependent');
      verdict.expect(
        isRefusal && verb !== 'create',
        'requests are answered',
        () => `${verb}: ${String(error)}`,
      );
      this.#underWay -= 1;
    }
  }
}

function raised(job: Job, by: number): unknown {
  return { taskGroups: [{ taskCount: String(Number(job.taskGroups?.[0]?.taskCount) + by) }] };
}
