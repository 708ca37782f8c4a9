/** What was used for a job of so many tasks on so many nodes. */
export interface Measured {
  readonly tasks: number;
  readonly nodes: number;
  readonly used: number;
}

/** `used = aJob + aNode × nodes + aTask × tasks`; none is below 0. */
export interface Growth {
  readonly aJob: number;
  readonly aNode: number;
  readonly aTask: number;
}

/** The growth that fits best, by the squares of the errors in proportion to what was measured. */
export function fitGrowth(points: readonly Measured[]): Growth {
  const rows = points.map(({ tasks, nodes, used }) => {
    const weight = 1 / Math.max(used, 1e-9);
    return { terms: [weight, nodes * weight, tasks * weight], goal: used * weight };
  });
  // A term below 0 means nothing: without the most negative one, the others are fitted again.
  let free = [0, 1, 2];
  for (;;) {
    const solution = leastSquares(rows, free);
    const worst = free.reduce(
      (at, term) => ((solution[term] ?? 0) < (solution[at] ?? 0) ? term : at),
      free[0] ?? 0,
    );
    if ((solution[worst] ?? 0) >= 0) {
      const [aJob = 0, aNode = 0, aTask = 0] = solution;
      return { aJob, aNode, aTask };
    }
    free = free.filter((term) => term !== worst);
  }
}

/** What a job of that size uses by the growth. */
export function usedBy({ aJob, aNode, aTask }: Growth, tasks: number, nodes: number): number {
  return aJob + aNode * nodes + aTask * tasks;
}

/**
 * How much more a further task uses in large jobs than in small ones, on the same nodes: 1 when the growth is even, more
 * when it grows faster than the tasks. Compares the last two steps of three sizes or more.
 */
export function steepening(points: readonly Measured[]): number {
  const sorted = [...points].sort((a, b) => a.tasks - b.tasks);
  const [first, second, third] = sorted.slice(-3);
  if (first === undefined || second === undefined || third === undefined)
    throw new Error('growth needs three sizes of jobs');
  const early = (second.used - first.used) / (second.tasks - first.tasks);
  const late = (third.used - second.used) / (third.tasks - second.tasks);
  if (late <= 0) return 0;
  return early <= 0 ? Number.POSITIVE_INFINITY : late / early;
}

interface Row {
  readonly terms: readonly number[];
  readonly goal: number;
}

/** Solves the normal equations of the free terms by elimination; the other terms are 0. */
function leastSquares(rows: readonly Row[], free: readonly number[]): number[] {
  const matrix = free.map((row) => [
    ...free.map((column) => rows.reduce((sum, { terms }) => sum + at(terms, row) * at(terms, column), 0)),
    rows.reduce((sum, { terms, goal }) => sum + at(terms, row) * goal, 0),
  ]);
  for (let pivot = 0; pivot < free.length; pivot += 1) {
    const best = range(pivot, free.length).reduce((top, row) =>
      Math.abs(cell(matrix, row, pivot)) > Math.abs(cell(matrix, top, pivot)) ? row : top,
    );
    if (Math.abs(cell(matrix, best, pivot)) < 1e-12)
      throw new Error('too few different sizes of jobs to fit a growth');
    [matrix[pivot], matrix[best]] = [matrix[best] as number[], matrix[pivot] as number[]];
    for (const row of range(0, free.length).filter((other) => other !== pivot)) {
      const factor = cell(matrix, row, pivot) / cell(matrix, pivot, pivot);
      matrix[row] = (matrix[row] as number[]).map(
        (value, column) => value - factor * cell(matrix, pivot, column),
      );
    }
  }
  const solution = [0, 0, 0];
  for (const [order, term] of free.entries())
    solution[term] = cell(matrix, order, free.length) / cell(matrix, order, order);
  return solution;
}

const at = (values: readonly number[], index: number) => values[index] ?? 0;
const cell = (matrix: readonly (readonly number[])[], row: number, column: number) =>
  matrix[row]?.[column] ?? 0;
const range = (from: number, to: number) => Array.from({ length: to - from }, (_, order) => from + order);
