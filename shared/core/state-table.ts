/**
 * A life cycle as data: one row a legal transition. The guard of every write, the picture in the docs and the
 * questions "is this settled?" are derived from the rows, so they cannot disagree.
 */
export interface Transition<State extends string, Event extends string> {
  readonly from: State | readonly State[];
  readonly on: Event;
  readonly to: State;
  /** Who or what makes it happen, for the generated page. */
  readonly because: string;
}

export interface StateTable<State extends string, Event extends string> {
  readonly name: string;
  readonly states: readonly State[];
  readonly transitions: readonly Transition<State, Event>[];
  /** The state after `event`, or undefined when the table has no such row. */
  next(from: State, event: Event): State | undefined;
  /** As `next`, but a missing row throws: use it where the caller has already decided that the move is due. */
  move(from: State, event: Event): State;
  /** States that no event leads out of, apart from those in `exceptOn`. */
  settled(exceptOn?: readonly Event[]): ReadonlySet<State>;
}

export class IllegalTransitionError extends Error {
  override readonly name = 'IllegalTransitionError';
}

/** Builds a table; two rows for the same state and event are a mistake in the table itself and throw. */
export function stateTable<State extends string, Event extends string>(
  name: string,
  states: readonly State[],
  transitions: readonly Transition<State, Event>[],
): StateTable<State, Event> {
  const cells = new Map<string, State>();
  for (const row of transitions) {
    for (const from of sources(row)) {
      const cell = `${from} ${row.on}`;
      if (cells.has(cell)) throw new IllegalTransitionError(`${name}: two transitions for ${cell}`);
      cells.set(cell, row.to);
    }
  }
  const next = (from: State, event: Event) => cells.get(`${from} ${event}`);
  return {
    name,
    states,
    transitions,
    next,
    move(from, event) {
      const to = next(from, event);
      if (to === undefined)
        throw new IllegalTransitionError(`${name}: ${event} is not allowed in state ${from}`);
      return to;
    },
    settled(exceptOn = []) {
      const leaving = transitions.filter((row) => !exceptOn.includes(row.on)).flatMap(sources);
      return new Set(states.filter((state) => !leaving.includes(state)));
    },
  };
}

/** The states that a row starts from, as a list. */
export function sources<State extends string>(row: Transition<State, string>): readonly State[] {
  return typeof row.from === 'string' ? [row.from] : row.from;
}

/** The table as a Mermaid state diagram and a Markdown table: the docs' page of states is made of these. */
export function describeStates(table: StateTable<string, string>): string {
  const arrows = table.transitions.flatMap((row) =>
    sources(row).map((from) => `  ${from} --> ${row.to}: ${row.on}`),
  );
  const rows = table.transitions.map(
    (row) => `| ${sources(row).join(', ')} | ${row.on} | ${row.to} | ${row.because} |`,
  );
  return [
    '```mermaid',
    'stateDiagram-v2',
    `  [*] --> ${table.states[0]}`,
    ...arrows,
    '```',
    '',
    '| from | on | to | because |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
}
