import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  append,
  every,
  has,
  type IndexRuns,
  indices,
  remove,
  size,
  splitLast,
  takeFirst,
} from './index-runs.ts';

const list = (runs: IndexRuns) => [...indices(runs)];
const sorted = (numbers: Iterable<number>) => [...numbers].sort((a, b) => a - b);

function of(...numbers: number[]): IndexRuns {
  const runs: IndexRuns = [];
  for (const number of numbers) append(runs, number);
  return runs;
}

describe('every', () => {
  it.each([
    { first: 0, step: 1, limit: 4, expected: [0, 1, 2, 3] },
    { first: 1, step: 3, limit: 8, expected: [1, 4, 7] },
    { first: 1, step: 3, limit: 7, expected: [1, 4] },
    { first: 2, step: 5, limit: 3, expected: [2] },
    { first: 3, step: 5, limit: 3, expected: [] },
    { first: 4, step: 5, limit: 3, expected: [] },
  ])('$first, +$step, below $limit', ({ first, step, limit, expected }) => {
    const runs = every(first, step, limit);
    expect(list(runs)).toEqual(expected);
    expect(size(runs)).toBe(expected.length);
    expect(runs.length).toBeLessThanOrEqual(1);
  });

  it('deals the tasks of a group out to its seats, each to one', () => {
    const seats = Array.from({ length: 7 }, (_, seat) => every(seat, 7, 100));
    expect(sorted(seats.flatMap(list))).toEqual(Array.from({ length: 100 }, (_, index) => index));
  });
});

describe('append', () => {
  it.each([
    { name: 'a run of one step', numbers: [0, 1, 2, 3], runs: [[0, 4, 1]] },
    { name: 'a run of a wider step', numbers: [2, 9, 16], runs: [[2, 3, 7]] },
    {
      name: 'a number that goes back',
      numbers: [5, 3],
      runs: [
        [5, 1, 1],
        [3, 1, 1],
      ],
    },
    {
      name: 'a run that goes on after others',
      numbers: [0, 1, 9, 2, 3],
      runs: [
        [0, 4, 1],
        [9, 1, 1],
      ],
    },
  ])('$name', ({ numbers, runs }) => {
    expect(of(...numbers)).toEqual(runs);
  });

  it('keeps tasks that come a little out of order in few runs', () => {
    const runs: IndexRuns = [];
    for (let block = 0; block < 1000; block += 1) {
      for (const place of [1, 0, 3, 2]) append(runs, (block * 4 + place) * 50);
    }
    expect(size(runs)).toBe(4000);
    expect(runs.length).toBeLessThan(100);
  });
});

describe('splitLast', () => {
  it('takes from the end, over several runs, lowest first', () => {
    const runs: IndexRuns = [
      [0, 3, 2],
      [10, 2, 1],
      [20, 4, 10],
    ];
    expect(splitLast(runs, 7)).toEqual([
      [4, 1, 2],
      [10, 2, 1],
      [20, 4, 10],
    ]);
    expect(runs).toEqual([[0, 2, 2]]);
  });

  it('takes all there is, and nothing from nothing', () => {
    const runs: IndexRuns = [[0, 2, 1]];
    expect(splitLast(runs, 5)).toEqual([[0, 2, 1]]);
    expect([runs, splitLast(runs, 1)]).toEqual([[], []]);
  });
});

describe('remove', () => {
  it.each([
    { name: 'the first', index: 10, left: [[15, 3, 5]] },
    { name: 'the last', index: 25, left: [[10, 3, 5]] },
    {
      name: 'one between',
      index: 15,
      left: [
        [10, 1, 5],
        [20, 2, 5],
      ],
    },
    { name: 'one between two steps', index: 12, left: undefined },
    { name: 'one before', index: 5, left: undefined },
    { name: 'one behind', index: 30, left: undefined },
  ])('$name', ({ index, left }) => {
    const runs: IndexRuns = [[10, 4, 5]];
    expect(has(runs, index)).toBe(left !== undefined);
    expect(remove(runs, index)).toBe(left !== undefined);
    expect(runs).toEqual(left ?? [[10, 4, 5]]);
  });
});

type Step = fc.Command<Set<number>, IndexRuns>;

function step(name: string, run: (model: Set<number>, runs: IndexRuns) => void): Step {
  return {
    toString: () => name,
    check: () => true,
    run(model, runs) {
      run(model, runs);
      expect(sorted(list(runs))).toEqual(sorted(model));
      expect(size(runs)).toBe(model.size);
      expect(runs.every(([, count, by]) => count > 0 && by > 0)).toBe(true);
    },
  };
}

const anyIndex = fc.nat(60);
const anyStep = fc.oneof(
  anyIndex.map((index) =>
    step(`append ${index}`, (model, runs) => {
      if (model.has(index)) return;
      append(runs, index);
      model.add(index);
    }),
  ),
  fc.tuple(anyIndex, fc.integer({ min: 1, max: 9 })).map(([first, by]) =>
    step(`every ${first} +${by}`, (model, runs) => {
      const added = every(first, by, 60);
      if (list(added).some((index) => model.has(index))) return;
      runs.push(...added);
      for (const index of list(added)) model.add(index);
    }),
  ),
  anyIndex.map((index) =>
    step(`remove ${index}`, (model, runs) => {
      expect(has(runs, index)).toBe(model.has(index));
      expect(remove(runs, index)).toBe(model.delete(index));
      expect(has(runs, index)).toBe(false);
    }),
  ),
  fc.nat(8).map((count) =>
    step(`takeFirst ${count}`, (model, runs) => {
      const expected = list(runs).slice(0, count);
      expect(takeFirst(runs, count)).toEqual(expected);
      for (const index of expected) model.delete(index);
    }),
  ),
  fc.nat(8).map((count) =>
    step(`splitLast ${count}`, (model, runs) => {
      const before = list(runs);
      const expected = before.slice(Math.max(0, before.length - count));
      expect(list(splitLast(runs, count))).toEqual(expected);
      for (const index of expected) model.delete(index);
    }),
  ),
);

it('is a set, whatever is done to it', () => {
  fc.assert(
    fc.property(fc.commands([anyStep], { maxCommands: 60 }), (steps) =>
      fc.modelRun(() => ({ model: new Set<number>(), real: [] as IndexRuns }), steps),
    ),
    { numRuns: 500 },
  );
});
