/**
 * The largest sum of weights of things that can be there at once, where each waits for others to be over: of all sets
 * without two that wait for each other, the heaviest (a heaviest antichain; by Dilworth's theorem all weights less a
 * largest flow between those that follow each other). `before[i]` are the things that i waits for; no cycles.
 */
export function mostAtOnce(weights: readonly number[], before: readonly (readonly number[])[]): number {
  const after = weights.map((_, one) =>
    weights.flatMap((_, other) => (waitsFor(before, other, one) ? [other] : [])),
  );
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return total - largestFlow(weights, after);
}

/** Whether `one` waits for `other`, over any number of steps. */
function waitsFor(before: readonly (readonly number[])[], one: number, other: number): boolean {
  const seen = new Set<number>();
  const open = [...(before[one] ?? [])];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (next === other) return true;
    if (seen.has(next)) continue;
    seen.add(next);
    open.push(...(before[next] ?? []));
  }
  return false;
}

/** From each thing at most its weight goes to those after it, and each takes in at most its own (Edmonds and Karp). */
function largestFlow(weights: readonly number[], after: readonly (readonly number[])[]): number {
  const given = [...weights];
  const taken = [...weights];
  const flow = weights.map(() => new Map<number, number>());
  let sum = 0;
  for (let path = freePath(given, taken, after, flow); path !== undefined; ) {
    const back = path.flatMap(([from], at) => {
      const previous = path?.[at - 1];
      return previous === undefined ? [] : [flow[from]?.get(previous[1]) ?? 0];
    });
    const [first] = path[0] ?? [0];
    const [, last] = path.at(-1) ?? [0, 0];
    const amount = Math.min(given[first] ?? 0, taken[last] ?? 0, ...back);
    given[first] = (given[first] ?? 0) - amount;
    taken[last] = (taken[last] ?? 0) - amount;
    for (const [at, [from, to]] of path.entries()) {
      flow[from]?.set(to, (flow[from]?.get(to) ?? 0) + amount);
      const previous = path[at - 1];
      if (previous !== undefined) flow[from]?.set(previous[1], (flow[from]?.get(previous[1]) ?? 0) - amount);
    }
    sum += amount;
    path = freePath(given, taken, after, flow);
  }
  return sum;
}

/** The shortest way for more flow, as pairs of giver and taker; between two pairs it goes back along a flow that is there. */
function freePath(
  given: readonly number[],
  taken: readonly number[],
  after: readonly (readonly number[])[],
  flow: readonly ReadonlyMap<number, number>[],
): [from: number, to: number][] | undefined {
  const reached = new Map<number, [from: number, to: number][]>();
  const open: (readonly [giver: number, way: [number, number][]])[] = given.flatMap((left, one) =>
    left > 0 ? [[one, []] as const] : [],
  );
  const givers = new Set(open.map(([giver]) => giver));
  for (const [giver, way] of open) {
    for (const taker of after[giver] ?? []) {
      if (reached.has(taker)) continue;
      const on: [number, number][] = [...way, [giver, taker]];
      reached.set(taker, on);
      if ((taken[taker] ?? 0) > 0) return on;
      for (const [other, flows] of flow.entries()) {
        if (givers.has(other) || (flows.get(taker) ?? 0) <= 0) continue;
        givers.add(other);
        open.push([other, on]);
      }
    }
  }
  return undefined;
}
