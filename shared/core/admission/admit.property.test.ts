import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Admission, admit, limitsIn, PATIENCE_MS, type QueuedJob } from './admit.ts';
import { plus, tooLittle } from './amounts.ts';
import {
  type CapacityUse,
  type Hold,
  release,
  scopesOf,
  sumOfHolds,
  unused,
  usedIn,
} from './capacity-use.ts';
import type { UseLimits } from './use-limits.ts';

const MINUTE = 60_000;

interface Arrival extends QueuedJob {
  readonly priority: number;
  readonly minutes: number;
}

const someLimits = fc.record(
  { jobs: fc.integer({ min: 2, max: 8 }), nodes: fc.integer({ min: 4, max: 12 }) },
  { requiredKeys: ['nodes'] },
);
const useLimits: fc.Arbitrary<UseLimits> = fc.record({
  deployment: someLimits,
  projects: fc.record({ a: someLimits }, { requiredKeys: [] }),
});
const arrivals = fc
  .array(
    fc.record({
      project: fc.constantFrom('a', 'b'),
      nodes: fc.integer({ min: 1, max: 12 }),
      priority: fc.nat(2),
      minutes: fc.integer({ min: 1, max: 40 }),
      at: fc.nat(60),
    }),
    { minLength: 1, maxLength: 20 },
  )
  .map((given) =>
    given.map(({ project, nodes, priority, minutes, at }, order): Arrival => {
      const wants = { jobs: 1, nodes, cpuMilli: nodes * 1000 };
      return { uid: `job-${order}`, project, wants, priority, minutes, createdAt: at * MINUTE };
    }),
  );

type Look = (queue: readonly Arrival[], admission: Admission, now: number, before: CapacityUse) => void;

/** Every minute: jobs end, others arrive, and the queue is looked at. Calls `look` each time; returns who still waits. */
function live(jobs: readonly Arrival[], limits: UseLimits, look: Look): Arrival[] {
  const last = Math.max(...jobs.map(({ createdAt }) => createdAt));
  let use = unused;
  let queue: Arrival[] = [];
  let running: { hold: Hold; endsAt: number }[] = [];
  for (let now = 0; now <= last || running.length > 0; now += MINUTE) {
    for (const { hold } of running.filter(({ endsAt }) => endsAt <= now)) use = release(use, hold);
    running = running.filter(({ endsAt }) => endsAt > now);
    const arrived = jobs.filter(({ createdAt }) => createdAt === now);
    queue = [...queue, ...arrived].sort((a, b) => b.priority - a.priority || a.createdAt - b.createdAt);
    const admission = admit(queue, use, limits, now);
    look(queue, admission, now, use);
    use = admission.use;
    for (const hold of admission.admitted) {
      const minutes = queue.find(({ uid }) => uid === hold.uid)?.minutes ?? 0;
      running.push({ hold, endsAt: now + minutes * MINUTE });
    }
    queue = queue.filter(({ uid }) => !admission.admitted.some((hold) => hold.uid === uid));
  }
  return queue;
}

/** What a look at the queue did wrong. */
function* mistakes(
  queue: readonly Arrival[],
  { admitted, waiting, use }: Admission,
  limits: UseLimits,
  now: number,
  before: CapacityUse,
) {
  for (const [place, job] of queue.entries()) {
    for (const scope of scopesOf(job.project))
      if (tooLittle(usedIn(use, scope), limitsIn(scope, job.project, limits)) !== undefined)
        yield `${scope} is full`;
    const wait = waiting.get(job.uid);
    if (admitted.some(({ uid }) => uid === job.uid) !== (wait === undefined)) yield `${job.uid} is forgotten`;
    if (wait === undefined) continue;
    if (wait.kind === 'kept') {
      const head = queue.findIndex(({ uid }) => uid === wait.for);
      if (head < 0 || head >= place) yield `${job.uid} waits for one behind it`;
      if (now - (queue[head]?.createdAt ?? now) < PATIENCE_MS) yield `${job.uid} waits for a young head`;
      continue;
    }
    // Whoever waits for room would not have fitted right after those before it.
    const ahead = admitted.filter(({ uid }) => queue.findIndex((one) => one.uid === uid) < place);
    const taken = ahead
      .filter(({ project }) => scopesOf(project).includes(wait.scope))
      .reduce((sum, { amounts }) => plus(sum, amounts), usedIn(before, wait.scope));
    if (tooLittle(plus(taken, job.wants), limitsIn(wait.scope, job.project, limits)) !== wait.of)
      yield `${job.uid} would have had room`;
  }
}

it('never goes over a limit, admits whom it can, and passes nobody without leave', () => {
  fc.assert(
    fc.property(arrivals, useLimits, (jobs, limits) => {
      live(jobs, limits, (queue, admission, now, before) => {
        expect([...mistakes(queue, admission, limits, now, before)]).toEqual([]);
      });
    }),
  );
});

it('starves nobody: whoever can ever fit is admitted, and what is taken is the sum of the holds', () => {
  fc.assert(
    fc.property(arrivals, useLimits, (jobs, limits) => {
      const holds = new Map<string, Hold>();
      const minutes = new Map(jobs.map((job) => [job.uid, job.minutes]));
      const endsAt = new Map<string, number>();
      const left = live(jobs, limits, (_, { admitted, use }, now) => {
        for (const [uid, end] of endsAt) if (end <= now) holds.delete(uid);
        for (const hold of admitted) {
          holds.set(hold.uid, hold);
          endsAt.set(hold.uid, now + (minutes.get(hold.uid) ?? 0) * MINUTE);
        }
        expect(sumOfHolds([...holds.values()], use.reserved)).toEqual(use);
      });
      const couldFit = left.filter(({ project, wants }) =>
        scopesOf(project).every((scope) => tooLittle(wants, limitsIn(scope, project, limits)) === undefined),
      );
      expect(couldFit).toEqual([]);
    }),
  );
});

it('a head waits at most for those that ran when its patience was over', () => {
  const small = fc.array(
    fc.record({ nodes: fc.integer({ min: 1, max: 5 }), minutes: fc.integer({ min: 1, max: 60 }) }),
    { minLength: 80, maxLength: 80 },
  );
  fc.assert(
    fc.property(small, fc.integer({ min: 5, max: 10 }), (given, nodes) => {
      const job = (uid: string, nodes: number, minutes: number, at: number): Arrival => {
        const wants = { jobs: 1, nodes, cpuMilli: 0 };
        return { uid, project: 'p', wants, priority: 0, minutes, createdAt: at * MINUTE };
      };
      const stream = given.map((one, at) => job(`small-${at}`, one.nodes, one.minutes, at));
      const large = job('large', nodes, 1, 20);
      const endsAt = new Map<string, number>();
      let latest = Number.POSITIVE_INFINITY;
      let admittedAt = Number.POSITIVE_INFINITY;
      live(
        [...stream, large],
        { deployment: { nodes: 10 }, projects: {} },
        (queue, { admitted, waiting }, now) => {
          for (const { uid } of admitted)
            endsAt.set(uid, now + (queue.find((one) => one.uid === uid)?.minutes ?? 0) * MINUTE);
          if (admitted.some(({ uid }) => uid === 'large')) admittedAt = now;
          const isHead = [...waiting.keys()][0] === 'large' && waiting.get('large')?.kind === 'room';
          if (isHead && now - large.createdAt >= PATIENCE_MS)
            latest = Math.min(latest, Math.max(now, ...endsAt.values()));
        },
      );
      expect(admittedAt).toBeLessThan(Number.POSITIVE_INFINITY);
      expect(admittedAt).toBeLessThanOrEqual(latest);
    }),
    { numRuns: 25 },
  );
});
