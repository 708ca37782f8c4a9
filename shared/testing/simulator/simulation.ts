import type { MachineCapacity } from '../../core/plan.ts';
import type { Write } from '../../ports/store.ts';
import { memoryStore } from '../memory-store.ts';
import { AdmissionChecks } from './checks/admission-checks.ts';
import { AttemptChecks } from './checks/attempt-checks.ts';
import { GroupChecks } from './checks/group-checks.ts';
import { JobChecks } from './checks/job-checks.ts';
import { checkRecord } from './checks/record-checks.ts';
import { Records } from './checks/records.ts';
import { checkRest, unrest } from './checks/rest-checks.ts';
import { RunHistory } from './checks/run-history.ts';
import { type FaultLevel, FaultPlan } from './fault-plan.ts';
import { randomLimits } from './jobs/random-limits.ts';
import { VirtualClient } from './jobs/virtual-client.ts';
import { VirtualMachines } from './nodes/virtual-machines.ts';
import { type Sabotage, sabotagedStore } from './sabotage.ts';
import { SeededRandom } from './seeded-random.ts';
import { ServiceCrash } from './service/store-of-life.ts';
import { VirtualService } from './service/virtual-service.ts';
import { VirtualClock } from './virtual-clock.ts';
import { Tally, Trace, Verdict, type Violation, type World } from './world.ts';

export interface SimulationOptions {
  readonly seed: number;
  readonly faults: FaultLevel;
  /** Is given a line for all that happens. */
  readonly trace?: (line: string) => void;
  readonly sabotage?: Sabotage;
}

export interface Outcome {
  readonly seed: number;
  readonly violation: Violation | undefined;
  readonly counts: ReadonlyMap<string, number>;
  readonly virtualMs: number;
}

/** From the end of faults on, so long a time is enough for whatever a seed has drawn. */
const REST_WITHIN_MS = 2 * 3_600_000;
const EVENTS_AT_MOST = 600_000;
/** After all has come to rest: late copies of reports still arrive, and must change nothing. */
const AFTERMATH_MS = 90_000;

/** Runs one seed from its first job to rest, in virtual time. */
export async function simulate(options: SimulationOptions): Promise<Outcome> {
  const { seed, sabotage = {} } = options;
  const clock = new VirtualClock();
  const random = new SeededRandom(seed);
  const tally = new Tally();
  const faults = new FaultPlan(options.faults, clock, random, tally);
  const verdict = new Verdict(clock);
  const world: World = {
    seed,
    clock,
    random,
    faults,
    tally,
    verdict,
    trace: new Trace(clock, options.trace),
  };
  const capacity: MachineCapacity = { nodeCores: 4, maxNodes: random.between(3, 10) };
  const limits = randomLimits(random, capacity);
  const records = new Records();
  const machines = new VirtualMachines(
    world,
    () => service,
    () => history,
  );
  const history = new RunHistory(world, records, machines);
  const groups = new GroupChecks(verdict, records);
  const attempts = new AttemptChecks(verdict, records, history);
  const jobs = new JobChecks(verdict, { records, groups, history, machines });

  const admission = new AdmissionChecks(verdict, records, limits);

  const committed = (writes: readonly Write[]) => {
    const written = records.take(writes);
    tally.add('commits');
    world.trace.add(
      () => `commit ${writes.map(({ pk, sk, ifVersion }) => `${pk} ${sk} v${ifVersion + 1}`).join(', ')}`,
    );
    for (const one of written) checkRecord(verdict, one);
    attempts.check(written);
    groups.check(written);
    jobs.check(written);
    admission.check(written);
  };
  const crashAt = (fault: 'crash before a commit' | 'crash after a commit') => {
    if (!faults.strikes(fault)) return;
    service.crash(`dies: ${fault}`);
    throw new ServiceCrash(fault);
  };
  const store = memoryStore({
    // The removal of a job is one commit of eight: job, spec, name, two it waited for, and operations that wait for it.
    maxWrites: random.pick([8, 12, 100]),
    beforeCommit: () => crashAt('crash before a commit'),
    afterCommit: (writes) => {
      committed(writes);
      crashAt('crash after a commit');
    },
  });
  const service = new VirtualService(world, {
    store: sabotagedStore(store, sabotage),
    launcher: machines,
    capacity,
    limits,
    passAnswer: (answer) => sabotage.answer?.(answer),
    nodeSilenceMs: random.pick([3_000, 10_000, 30_000]),
    nodeGraceMs: random.pick([500, 10_000]),
  });
  const client = new VirtualClient(world, service);
  service.start();
  for (let job = random.pick([1, 1, 2, 3, 5]); job > 0; job -= 1)
    client.plan(job - 1, random.pick([4, 20, 60, 60]));

  const deadline = () => Math.max(faults.until, clock.now()) + REST_WITHIN_MS;
  await run(world, deadline(), () => client.isDone && service.isUp && unrest(records, machines).length === 0);
  if (!client.isDone || !service.isUp || unrest(records, machines).length > 0) {
    verdict.broken(
      'everything comes to rest',
      unrest(records, machines).join('; ') || 'requests are not answered',
    );
  }
  await run(world, clock.now() + AFTERMATH_MS, () => false);
  admission.checkRest();
  checkRest(verdict, records, (await store.changes(0, 1_000)).length);
  tally.add('violations', verdict.violation === undefined ? 0 : 1);
  return { seed, violation: verdict.violation, counts: tally.counts, virtualMs: clock.passed };
}

/** Lets time pass until all is done, a rule is broken, or it is too late. */
async function run({ clock, verdict, tally }: World, until: number, isDone: () => boolean): Promise<void> {
  for (let events = 1; verdict.violation === undefined && clock.now() < until; events += 1) {
    if (!clock.ringNext()) return;
    // All that the event has led to happens before the next one.
    await new Promise((resolve) => setImmediate(resolve));
    tally.add('events');
    if (events % 20 === 0 && isDone()) return;
    if (events > EVENTS_AT_MOST) return;
  }
}
