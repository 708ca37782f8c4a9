import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fitGrowth, steepening, usedBy } from './fit-growth.ts';

const sizes = [1, 4].flatMap((nodes) => [10, 100, 1000].map((tasks) => ({ nodes, tasks })));
const amount = fc.double({ min: 0.01, max: 1000, noNaN: true });

describe('fitGrowth', () => {
  it('finds the terms that measurements were made of', () => {
    fc.assert(
      fc.property(amount, amount, amount, (aJob, aNode, aTask) => {
        const growth = { aJob, aNode, aTask };
        const points = sizes.map((size) => ({ ...size, used: usedBy(growth, size.tasks, size.nodes) }));
        const found = fitGrowth(points);
        for (const { tasks, nodes, used } of points)
          expect(usedBy(found, tasks, nodes) / used).toBeCloseTo(1, 4);
        expect(usedBy(found, 1e6, 1000) / usedBy(growth, 1e6, 1000)).toBeCloseTo(1, 3);
      }),
    );
  });

  it('has no term below 0, however the measurements scatter', () => {
    fc.assert(
      fc.property(fc.array(amount, { minLength: 6, maxLength: 6 }), (used) => {
        const growth = fitGrowth(sizes.map((size, order) => ({ ...size, used: used[order] ?? 0 })));
        expect(Math.min(growth.aJob, growth.aNode, growth.aTask)).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('is refused for jobs of one size', () => {
    expect(() => fitGrowth([{ tasks: 10, nodes: 1, used: 5 }])).toThrow(/too few different sizes/);
  });
});

describe('steepening', () => {
  const points = (used: (tasks: number) => number) =>
    [1000, 10, 100].map((tasks) => ({ tasks, nodes: 1, used: used(tasks) }));

  it('is 1 for even growth, and 0 for none', () => {
    expect(steepening(points((tasks) => 7 + 3 * tasks))).toBeCloseTo(1);
    expect(steepening(points(() => 7))).toBe(0);
  });

  it('tells growth that is faster than the tasks', () => {
    expect(steepening(points((tasks) => tasks ** 2))).toBeGreaterThan(5);
    expect(steepening(points((tasks) => (tasks > 100 ? tasks : 0)))).toBe(Number.POSITIVE_INFINITY);
  });

  it('needs three sizes', () => {
    expect(() => steepening([])).toThrow(/three sizes/);
  });
});
