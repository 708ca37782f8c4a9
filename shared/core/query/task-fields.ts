import { type TaskState, taskStates } from '../../contract/states.ts';
import type { EnumField, FilterFields } from './filter-fields.ts';
import type { Filter } from './filter-syntax.ts';
import { requiredNames } from './required-names.ts';

/** What a filter reads of a task; a task in canonical JSON has this shape. */
export interface FilterableTask {
  readonly name?: string | undefined;
  readonly status?: { readonly state?: string | undefined } | undefined;
}

const state: EnumField<FilterableTask> = {
  kind: 'enum',
  names: Object.keys(taskStates),
  of: (task) => task.status?.state,
};

/** The fields of a task that a filter can name. Google's own example is `State=RUNNING`. */
export const taskFields: FilterFields<FilterableTask> = {
  name: { kind: 'text', of: (task) => task.name },
  state,
  'status.state': state,
};

/** The states, one of which a task must be in to match a filter that compiles, or undefined when any will do. */
export function requiredTaskStates(filter: string | Filter): readonly TaskState[] | undefined {
  return requiredNames(filter, taskFields, state)?.filter(isTaskState);
}

function isTaskState(name: string): name is TaskState {
  return Object.hasOwn(taskStates, name);
}
