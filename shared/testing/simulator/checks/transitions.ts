import { jobStates } from '../../../core/job/job-states.ts';
import { nodeStates } from '../../../core/node/node-states.ts';
import type { StateTable } from '../../../core/state-table.ts';
import { sources } from '../../../core/state-table.ts';
import { taskStates } from '../../../core/task/task-states.ts';

/** Answers whether a table leads from one state to another, in at most so many moves. */
function reach<State extends string>(table: StateTable<State, string>, moves: number) {
  const known = new Map<State, Set<State>>(table.states.map((state) => [state, new Set([state])]));
  for (let left = moves; left > 0; left -= 1) {
    for (const found of known.values()) {
      const next = table.transitions.filter((row) => sources(row).some((from) => found.has(from)));
      for (const row of next) found.add(row.to);
    }
  }
  return (from: State, to: State) => known.get(from)?.has(to) === true;
}

/** A job's end may come in one commit with its first task's start. */
export const jobReaches = reach(jobStates, 2);
export const nodeReaches = reach(nodeStates, 1);
/** One report may start and end an attempt, and the answer give out the next. */
export const taskReaches = reach(taskStates, 4);
