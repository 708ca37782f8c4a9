/**
 * A set of task indices as arithmetic runs `[first, count, step]`. The tasks of a seat are every Nth index, so a
 * hundred thousand of them take one run, and taking from either end costs nothing.
 */
export type Run = [first: number, count: number, step: number];
export type IndexRuns = Run[];

/** The number of indices. */
export function size(runs: IndexRuns): number {
  let total = 0;
  for (const run of runs) total += run[1];
  return total;
}

/** Every `step`th index from `first` below `limit`. */
export function every(first: number, step: number, limit: number): IndexRuns {
  return first < limit ? [[first, Math.ceil((limit - first) / step), step]] : [];
}

/** Runs that `append` looks back over: tasks that run side by side arrive a little out of order. */
const LOOK_BACK = 32;

/** Adds `index`, stretching a run near the end where it continues one. Mutates `runs`. */
export function append(runs: IndexRuns, index: number): void {
  for (let at = runs.length - 1; at >= Math.max(0, runs.length - LOOK_BACK); at -= 1) {
    const run = runs[at];
    if (run !== undefined && run[1] > 1 && run[0] + run[1] * run[2] === index) {
      run[1] += 1;
      return;
    }
  }
  const last = runs.at(-1);
  if (last !== undefined && last[1] === 1 && index > last[0]) {
    last[2] = index - last[0];
    last[1] = 2;
  } else {
    runs.push([index, 1, 1]);
  }
}

/** Removes up to `count` indices from the front and returns them in order. Mutates `runs`. */
export function takeFirst(runs: IndexRuns, count: number): number[] {
  const taken: number[] = [];
  while (taken.length < count) {
    const run = runs[0];
    if (run === undefined) break;
    taken.push(run[0]);
    run[0] += run[2];
    run[1] -= 1;
    if (run[1] === 0) runs.shift();
  }
  return taken;
}

/** Removes up to `count` indices from the back and returns them as runs, lowest first. Mutates `runs`. */
export function splitLast(runs: IndexRuns, count: number): IndexRuns {
  const taken: IndexRuns = [];
  let wanted = count;
  while (wanted > 0) {
    const run = runs.at(-1);
    if (run === undefined) break;
    const part = Math.min(wanted, run[1]);
    run[1] -= part;
    taken.unshift([run[0] + run[1] * run[2], part, run[2]]);
    if (run[1] === 0) runs.pop();
    wanted -= part;
  }
  return taken;
}

/** Whether `index` is in the set. */
export function has(runs: IndexRuns, index: number): boolean {
  return runs.some((run) => position(run, index) !== undefined);
}

/** Removes `index` if it is there and says whether it was. Mutates `runs`. */
export function remove(runs: IndexRuns, index: number): boolean {
  for (const [at, run] of runs.entries()) {
    const place = position(run, index);
    if (place === undefined) continue;
    const parts: Run[] = [
      [run[0], place, run[2]],
      [index + run[2], run[1] - place - 1, run[2]],
    ];
    runs.splice(at, 1, ...parts.filter((part) => part[1] > 0));
    return true;
  }
  return false;
}

/** All indices, in the order of the runs. */
export function* indices(runs: IndexRuns): Generator<number> {
  for (const [first, count, step] of runs) {
    for (let at = 0; at < count; at += 1) yield first + at * step;
  }
}

function position(run: Run, index: number): number | undefined {
  const offset = index - run[0];
  return offset >= 0 && offset % run[2] === 0 && offset / run[2] < run[1] ? offset / run[2] : undefined;
}
