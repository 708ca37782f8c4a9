import type { CreateJobPorts } from '../../../../functions/jobs-api/api-ports.ts';
import { Orchestration } from '../../../../local/orchestration.ts';
import { reportAnswerer } from '../../../../local/report-answers.ts';
import { watchedStore } from '../../../../local/watched-store.ts';
import type { ReportAgentStateResponse } from '../../../contract/report.ts';
import type { UseLimits } from '../../../core/admission/use-limits.ts';
import type { Capacity } from '../../../core/plan.ts';
import type { Clock } from '../../../ports/clock.ts';
import type { NodeLauncher } from '../../../ports/node-launcher.ts';
import type { Change, Store } from '../../../ports/store.ts';
import { noLogs as logs } from '../../no-logs.ts';
import type { World } from '../world.ts';
import { never, storeOfLife } from './store-of-life.ts';
import { VirtualHeldAnswers } from './virtual-held-answers.ts';

/** What a service is made of that outlives it. */
export interface ServiceParts {
  readonly store: Store;
  readonly launcher: NodeLauncher;
  readonly capacity: Capacity;
  readonly limits: UseLimits;
  readonly nodeSilenceMs: number;
  readonly nodeGraceMs: number;
  /** Sees each answer before it leaves. */
  readonly passAnswer: (answer: ReportAgentStateResponse) => void;
}

export class ServiceDownError extends Error {
  override readonly name = 'ServiceDownError';
}

const SWEEP_MS = 60_000;
const REPEAT_MS = 500;

/** The real service from one start to its crash or stop, wired as the embedded service is. */
export class ServiceLife {
  readonly ports: CreateJobPorts;
  /** Takes an agent's report. */
  readonly answer: (
    headers: Readonly<Record<string, string>>,
    body: unknown,
  ) => Promise<ReportAgentStateResponse>;
  readonly #world: World;
  readonly #orchestration: Orchestration;
  readonly #death = Promise.withResolvers<never>();
  #isAlive = true;

  constructor(world: World, parts: ServiceParts) {
    this.#world = world;
    this.#death.promise.catch(() => undefined);
    const clock = this.#clock();
    const held = new VirtualHeldAnswers(clock);
    const store = watchedStore(this.#store(parts.store), () => this.#orchestration.wake());
    const ports = { store, clock, random: () => world.random.next(), logs };
    const { capacity, limits, nodeSilenceMs, nodeGraceMs } = parts;
    const launcher = this.#launcher(parts.launcher);
    const log = (line: string) => world.verdict.broken('nothing breaks off', line);
    this.#orchestration = new Orchestration(
      { ...ports, launcher, capacity, limits, nodeSilenceMs, nodeGraceMs, log },
      async () => undefined,
      (changes: readonly Change[]) => {
        for (const { pk } of changes) if (pk.startsWith('J#')) held.release(pk.slice('J#'.length));
      },
    );
    this.ports = {
      ...ports,
      capacity,
      limits,
      checkCapabilities: () => undefined,
      capabilityNotes: () => [],
    };
    const answerer = reportAnswerer(ports, held);
    this.answer = async (headers, body) => {
      const answer = await answerer('', headers, body);
      parts.passAnswer(answer);
      return answer;
    };
    this.#orchestration.resume().catch((error: unknown) => log(`resume: ${String(error)}`));
    this.#sweep(clock);
  }

  /** What `work` gives, or ServiceDownError when this life ends before. */
  do<T>(work: (life: this) => Promise<T>): Promise<T> {
    return Promise.race([work(this), this.#death.promise]);
  }

  /** Ends at once: nothing of what is under way goes on. */
  die(): void {
    this.#isAlive = false;
    this.#death.reject(new ServiceDownError('the service went down'));
  }

  /** Stops as an operator stops it. */
  async stop(): Promise<void> {
    await this.#orchestration.stop();
    this.die();
  }

  #clock(): Clock {
    const { clock } = this.#world;
    return {
      now: () => clock.now(),
      after: (ms, then) => clock.after(ms, () => this.#isAlive && then()),
      jitter: () => this.#world.random.next(),
    };
  }

  /** A feed whose last batch comes again now and then, as if the service had died before it forgot the batch. */
  #store(inner: Store): Store {
    const store = storeOfLife(this.#world, inner, () => this.#isAlive);
    return {
      ...store,
      forgetChanges: async (upTo) => {
        if (!this.#world.faults.strikes('batch repeated')) return store.forgetChanges(upTo);
        this.#world.clock.after(REPEAT_MS, () => this.#isAlive && this.#orchestration.wake());
      },
    };
  }

  #launcher(launcher: NodeLauncher): NodeLauncher {
    return {
      launch: async (request) => {
        if (!this.#isAlive) return never();
        const handle = await launcher.launch(request);
        return { gone: handle.gone, kill: () => this.#isAlive && handle.kill() };
      },
      adopt: (instance) => launcher.adopt(instance),
    };
  }

  #sweep(clock: Clock): void {
    clock.after(SWEEP_MS, () => {
      this.#orchestration
        .sweep()
        .catch((error: unknown) =>
          this.#world.verdict.broken('nothing breaks off', `sweep: ${String(error)}`),
        );
      this.#sweep(clock);
    });
  }
}
