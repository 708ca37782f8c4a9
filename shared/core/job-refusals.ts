import { ApiError, invalidArgument, unimplemented } from '../contract/error.ts';
import type { TaskGroup } from '../contract/task-group.ts';
import type { ContainerProblem } from './container/container-problem.ts';

/** A field of a job that was given, and why it cannot be honoured where the job would run. */
export type Refusal = readonly [field: string, why: string];

/** Problems of containers as refusals. Throws INVALID_ARGUMENT, which names them, for those that nobody could make sense of. */
export function refusalsOf(problems: readonly ContainerProblem[]): Refusal[] {
  const invalid = problems.filter(({ kind }) => kind === 'INVALID');
  if (invalid.length > 0)
    throw invalidArgument(invalid.map(({ field, why }) => ({ field, description: why })));
  return problems.map(({ field, why }) => [field, why]);
}

/** Throws UNIMPLEMENTED, which names all of them, its message the first; nothing when there are none. */
export function refuse(refusals: readonly Refusal[]): void {
  const [first] = refusals;
  if (first === undefined) return;
  const violations = refusals.map(([field, description]) => ({ field, description }));
  throw new ApiError('UNIMPLEMENTED', unimplemented(...first).message, { violations });
}

/** What no node honours of a group. `path`: of the group. */
export function* groupRefusals(group: TaskGroup, path: string): Generator<Refusal> {
  if (group.requireHostsFile) yield [`${path}.requireHostsFile`, 'no hosts file is written yet'];
  if (group.permissiveSsh) yield [`${path}.permissiveSsh`, 'there is no SSH between nodes here'];
  if (given(group.allocationPolicy)) yield [`${path}.allocationPolicy`, "use the job's allocationPolicy"];
}

/** Whether a field holds anything: empty lists and messages are the same as absent in proto3. */
export function given(value: object | undefined): boolean {
  if (value === undefined) return false;
  return Array.isArray(value) ? value.length > 0 : Object.values(value).some((part) => part !== undefined);
}
