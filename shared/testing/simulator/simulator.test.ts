import { describe, expect, it } from 'vitest';
import { faultLevels } from './fault-plan.ts';
import type { Sabotage } from './sabotage.ts';
import { type Outcome, simulate } from './simulation.ts';

describe('the whole system in virtual time', () => {
  it.each(faultLevels)('keeps its rules with faults: %s', { timeout: 60_000 }, async (faults) => {
    for (let seed = 1; seed <= 20; seed += 1) {
      const { violation } = await simulate({ seed, faults });
      expect(violation, `npm run simulate -- --seed ${seed} --faults ${faults}`).toBeUndefined();
    }
  });

  it('does the same again from the same seed', async () => {
    const once = async () => {
      const lines: string[] = [];
      await simulate({ seed: 7, faults: 'all', trace: (line) => lines.push(line) });
      return lines;
    };
    const first = await once();
    expect(first.length).toBeGreaterThan(20);
    expect(await once()).toEqual(first);
  });
});

describe('a broken part is found', () => {
  /** Tries seeds until a rule is broken. */
  async function firstViolation(sabotage: Sabotage): Promise<Outcome['violation']> {
    for (let seed = 1; seed <= 30; seed += 1) {
      const { violation } = await simulate({ seed, faults: 'none', sabotage });
      if (violation !== undefined) return violation;
    }
    return undefined;
  }

  it('an answer that gives a task to a second node', async () => {
    const violation = await firstViolation({
      seat: (seat) => {
        const [task] = seat.active;
        if (seat.seat === 1 && task !== undefined) seat.active.push({ ...task, index: 0 });
      },
    });
    expect(violation?.rule).toBe('a task is in one place');
  });

  it('an agent that takes a barrier for open', async () => {
    const violation = await firstViolation({
      answer: (answer) => {
        for (const task of answer.tasks ?? []) task.reachedBarrier = '100';
      },
    });
    expect(violation?.rule).toBe('nothing after a barrier starts before it opens');
  });

  it('a node with more slots than the parallelism allows', async () => {
    const violation = await firstViolation({
      answer: ({ assignment }) => {
        if (assignment !== undefined) assignment.taskSlots = 50;
      },
    });
    expect(violation?.rule).toBe('a node runs no more tasks than it has slots');
  });

  it('a retry too many', async () => {
    const violation = await firstViolation({
      group: (group) => {
        Object.assign(group, { retry: { maxRetryCount: 10 } });
      },
    });
    expect(violation?.rule).toMatch(/retries follow the rules of the job|attempts stay within maxRetryCount/);
  });

  it('a barrier that opens too early', async () => {
    const violation = await firstViolation({
      group: (group) => {
        group.reachedBarrier = group.barriers[0] ?? 0;
      },
    });
    expect(violation?.rule).toBe('a barrier opens when all tasks have arrived');
  });

  it('a task that is dropped', async () => {
    const violation = await firstViolation({
      seat: (seat) => {
        if (seat.epoch === 1) seat.unstarted = [];
      },
    });
    expect(violation?.rule).toBe('a task is in one place');
  });

  it('room that is given twice', async () => {
    const violation = await firstViolation({
      capacity: (use) => {
        use.used = {};
      },
    });
    expect(violation?.rule).toBe('what is taken is the sum of the holds');
  });

  it('changes that nobody is told of', async () => {
    const violation = await firstViolation({
      hidesChanges: true,
    });
    expect(violation?.rule).toBe('everything comes to rest');
  });
});
