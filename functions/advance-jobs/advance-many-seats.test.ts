import { expect, it } from 'vitest';
import type { GroupRecord } from '../../shared/core/group/group-record.ts';
import { append, every, size, takeFirst } from '../../shared/core/index-runs.ts';
import { groupKey, seatKey } from '../../shared/core/keys.ts';
import { newSeat, type SeatRecord } from '../../shared/core/seat/seat-record.ts';
import { steal } from '../../shared/core/seat/steal.ts';
import { type Change, ConflictError, type Item, type Store, type Write } from '../../shared/ports/store.ts';
import { memoryStore } from '../../shared/testing/memory-store.ts';
import { ringingClock } from '../../shared/testing/ringing-clock.ts';
import { aGroup, anActiveTask } from '../../shared/testing/seat-samples.ts';
import { SeededRandom } from '../../shared/testing/simulator/seeded-random.ts';
import { aboutToChange, seatPut } from '../write-seat.ts';
import { advanceGroup } from './advance-group.ts';
import { advanceJobs } from './advance-jobs.ts';

/** In three blocks, so that seats of a group are read one after the other. */
const SEATS = 230;
const TASKS = 500;
const BARRIER = 2;
const uid = 'j-1';

/** Nodes of a group at work, and what consumes the changes that carry a signal; nodes go on between any two of its reads. */
class BusyGroup {
  readonly #random: SeededRandom;
  readonly #inner = memoryStore();
  readonly #arrived = new Set<number>();
  readonly #feed: Change[] = [];
  /** Seats that have unstarted tasks. */
  readonly #full = new Set(Array.from({ length: SEATS }, (_, seat) => seat));
  #isAdvancing = false;
  looked = 0;
  delivered = 0;

  constructor(seed: number) {
    this.#random = new SeededRandom(seed);
  }

  get store(): Store {
    const between = async <T>(read: Promise<T>): Promise<T> => {
      const found = await read;
      if (this.#isAdvancing)
        for (let acts = this.#random.between(0, 12); acts > 0; acts -= 1) await this.act();
      return found;
    };
    return {
      ...this.#inner,
      getMany: (keys) => between(this.#inner.getMany(keys)),
      query: (range) => {
        this.looked += 1;
        return between(this.#inner.query(range));
      },
      commit: (writes) => this.#commit(writes),
    };
  }

  async plan(barriers: readonly number[]): Promise<void> {
    const group = aGroup({ seatCount: SEATS, taskCount: TASKS, barriers });
    const seats = Array.from({ length: SEATS }, (_, seat) =>
      newSeat({ jobUid: uid, groupId: 'group0', seat, slots: 2, unstarted: every(seat, SEATS, TASKS) }),
    );
    const puts = seats.map((body) => ({ ...seatKey(uid, 'group0', body.seat), body, ifVersion: 0 }));
    await this.#inner.commit([...puts, { ...groupKey(uid, 'group0'), body: group, ifVersion: 0 }]);
  }

  async group(): Promise<GroupRecord> {
    return (await this.#inner.get<GroupRecord>(groupKey(uid, 'group0')))?.body as GroupRecord;
  }

  /** Hands some changes on, now and then the same once more. */
  async consume(): Promise<void> {
    const batch = this.#feed.slice(0, this.#random.between(1, 20));
    if (!this.#random.chance(0.2)) this.#feed.splice(0, batch.length);
    this.delivered += batch.length;
    const room = { capacity: { nodeCores: 1, maxNodes: 1 }, limits: { deployment: {}, projects: {} } };
    await this.#advance((ports) => advanceJobs({ ...ports, ...room }, batch));
  }

  get isConsumed(): boolean {
    return this.#feed.length === 0;
  }

  lookAtAll(): Promise<void> {
    return this.#advance((ports) => advanceGroup(ports, uid, 'group0'));
  }

  async #advance(work: (ports: Parameters<typeof advanceGroup>[0]) => Promise<void>): Promise<void> {
    const nothing = async () => undefined;
    const workflow = { start: nothing, stageEnded: nothing, groupReady: nothing, groupEnded: nothing };
    this.#isAdvancing = true;
    const clock = ringingClock(() => 1000);
    await work({ store: this.store, clock, random: () => this.#random.next(), workflow });
    this.#isAdvancing = false;
  }

  /** One node starts a task, comes to the barrier with one, ends one, or takes work from another. */
  async act(): Promise<void> {
    const item = await this.#seat(this.#random.between(0, SEATS - 1));
    const changed = aboutToChange(item);
    const seat = item.body;
    const { reachedBarrier, barriers } = await this.group();
    const [task] = seat.active;
    const isParked = seat.parked[BARRIER] !== undefined && reachedBarrier >= BARRIER;
    let donor: Write[] = [];
    let arrived: number | undefined;
    if (isParked) {
      const [index = 0] = takeFirst(seat.parked[BARRIER] ?? [], 1);
      if (seat.parked[BARRIER]?.length === 0) delete seat.parked[BARRIER];
      seat.active.push(anActiveTask(index, { runnable: 3 }));
    } else if (task !== undefined && task.runnable === 1 && barriers.length > reachedBarrier / BARRIER) {
      seat.active.shift();
      const runs = seat.parked[BARRIER] ?? [];
      append(runs, task.index);
      seat.parked[BARRIER] = runs;
      arrived = task.index;
    } else if (task !== undefined) {
      seat.active.shift();
      seat.ended.succeeded += 1;
    } else if (size(seat.unstarted) > 0) {
      // The last ones are taken by others more often than they are started.
      if (this.#full.size < 5 && this.#random.chance(0.9)) return;
      seat.begun = true;
      const [index = 0] = takeFirst(seat.unstarted, 1);
      seat.active.push(anActiveTask(index));
    } else {
      const full = [...this.#full];
      const from = full[this.#random.between(0, full.length - 1)];
      if (from === undefined) return;
      const other = await this.#seat(from);
      const taken = aboutToChange(other);
      steal(other.body, seat);
      donor = [seatPut(taken, await this.group())];
    }
    // Another act may have come between: then this one did not happen.
    try {
      await this.#commit([seatPut(changed, await this.group()), ...donor]);
      if (arrived !== undefined) this.#arrived.add(arrived);
    } catch (error) {
      if (!(error instanceof ConflictError)) throw error;
    }
  }

  async #seat(seat: number): Promise<Item<SeatRecord>> {
    return (await this.#inner.get<SeatRecord>(seatKey(uid, 'group0', seat))) as Item<SeatRecord>;
  }

  async #commit(writes: readonly Write[]): Promise<void> {
    const befores = await this.#inner.getMany(writes);
    await this.#inner.commit(writes);
    for (const [at, write] of writes.entries()) {
      if ('remove' in write) continue;
      const before = befores[at]?.body;
      const {
        pk,
        sk,
        body: after,
      } = JSON.parse(JSON.stringify(write)) as { pk: string; sk: string; body: object };
      if (pk.startsWith('S#')) this.#note(after as SeatRecord);
      if (pk.startsWith('J#')) await this.#check(before as GroupRecord, after as GroupRecord);
      else if (write.signal !== 'group') continue;
      this.#feed.push({ pk, sk, seq: 1, ...(before === undefined ? {} : { before }), after });
    }
  }

  #note({ seat, unstarted }: SeatRecord): void {
    if (size(unstarted) > 0) this.#full.add(seat);
    else this.#full.delete(seat);
  }

  async #check(before: GroupRecord, after: GroupRecord): Promise<void> {
    if (after.reachedBarrier > before.reachedBarrier) expect(this.#arrived.size).toBe(TASKS);
    if (after.endedAt === undefined) return;
    expect(await this.ended()).toBe(TASKS);
    expect(after.counts?.SUCCEEDED).toBe(TASKS);
  }

  async ended(): Promise<number> {
    let ended = 0;
    for (let seat = 0; seat < SEATS; seat += 1) ended += (await this.#seat(seat)).body.ended.succeeded;
    return ended;
  }
}

it.each([
  ['with a barrier', [BARRIER]],
  ['without', []],
])(
  'a group %s moves on as soon as it may and never before, whatever nodes do between two reads',
  { timeout: 120_000 },
  async (_, barriers) => {
    for (let seed = 1; seed <= 3; seed += 1) {
      const busy = new BusyGroup(seed);
      const random = new SeededRandom(seed);
      await busy.plan(barriers);
      let acts = 0;
      for (; (await busy.group()).endedAt === undefined && acts < 60_000; acts += 1) {
        await busy.act();
        if (random.chance(0.1) && !busy.isConsumed) await busy.consume();
        if (random.chance(0.002)) await busy.lookAtAll();
      }
      expect(acts, `seed ${seed} has not ended`).toBeLessThan(60_000);
    }
  },
);

it('reads a block or two for a change while others hold the group back, and all only for what they show', async () => {
  const busy = new BusyGroup(1);
  await busy.plan([]);
  while ((await busy.ended()) < TASKS / 2) for (let acts = 0; acts < 200; acts += 1) await busy.act();
  const before = busy.looked;
  while (!busy.isConsumed) await busy.consume();
  expect(busy.delivered).toBeGreaterThan(20);
  expect(busy.looked - before).toBeLessThan(busy.delivered / 4);
});
