import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mostAtOnce } from './at-once.ts';

describe('mostAtOnce', () => {
  it.each<[string, number[], number[][], number]>([
    ['nothing', [], [], 0],
    ['one', [5], [[]], 5],
    ['side by side', [5, 3], [[], []], 8],
    ['a chain', [5, 3, 4], [[], [0], [1]], 5],
    ['a diamond', [4, 3, 2, 4], [[], [0], [0], [1, 2]], 5],
    ['a diamond that is heavy at its ends', [9, 3, 2, 1], [[], [0], [0], [1, 2]], 9],
    ['two chains', [5, 1, 2, 7], [[], [0], [], [2]], 12],
    ['one after two, beside a third', [1, 2, 4, 3], [[], [], [0, 1], []], 7],
  ])('%s', (_, weights, before, most) => {
    expect(mostAtOnce(weights, before)).toBe(most);
  });

  it('is what trying all sets gives', () => {
    const graph = fc
      .array(fc.record({ weight: fc.nat(9), before: fc.array(fc.nat(6), { maxLength: 3 }) }), {
        maxLength: 7,
      })
      .map((nodes) => ({
        weights: nodes.map(({ weight }) => weight),
        // Only earlier ones, so that there are no cycles.
        before: nodes.map(({ before }, at) => [...new Set(before)].filter((other) => other < at)),
      }));
    fc.assert(
      fc.property(graph, ({ weights, before }) => {
        expect(mostAtOnce(weights, before)).toBe(byTrying(weights, before));
      }),
    );
  });
});

function byTrying(weights: number[], before: number[][]): number {
  const ancestors = before.map(() => new Set<number>());
  for (const [at, direct] of before.entries())
    for (const other of direct) {
      ancestors[at]?.add(other);
      for (const far of ancestors[other] ?? []) ancestors[at]?.add(far);
    }
  let most = 0;
  for (let set = 0; set < 2 ** weights.length; set += 1) {
    const chosen = weights.flatMap((_, at) => (((set >> at) & 1) === 1 ? [at] : []));
    if (chosen.some((one) => chosen.some((other) => ancestors[one]?.has(other)))) continue;
    most = Math.max(
      most,
      chosen.reduce((sum, at) => sum + (weights[at] ?? 0), 0),
    );
  }
  return most;
}
