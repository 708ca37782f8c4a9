import type { Problems } from '../proto/problems.ts';
import { shortJson } from '../proto/problems.ts';
import { taskGroupId } from '../resource-name.ts';
import type { TaskGroup } from '../task-group.ts';

/** Checks what groups depend on: other groups of the job, by id, without going round in a circle. */
export function checkGroupOrder(problems: Problems, groups: readonly TaskGroup[]): void {
  const ids = groups.map((_, at) => taskGroupId(at));
  problems.each('taskGroups', groups, ({ dependsOn = {} }) => {
    problems.eachEntry('dependsOn', dependsOn, (id, state) => {
      if (!ids.includes(id)) {
        problems.add(
          `must name a task group of this job, which has ${ids.join(', ')}; given ${shortJson(id)}`,
        );
      }
      if (state === 'TYPE_UNSPECIFIED') problems.refuse(state, 'SUCCEEDED, FAILED or FINISHED');
    });
  });
  const circle = circleOf(
    new Map(groups.map(({ dependsOn = {} }, at) => [taskGroupId(at), Object.keys(dependsOn)])),
  );
  if (circle !== undefined) {
    problems.at('taskGroups', () =>
      problems.add(`must not depend on one another in a circle; given ${circle.join(' after ')}`),
    );
  }
}

/** Ids along a circle, the first one again at the end; undefined when there is none. */
function circleOf(after: ReadonlyMap<string, readonly string[]>): string[] | undefined {
  const done = new Set<string>();
  const follow = (id: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(id)) return [...path.slice(path.indexOf(id)), id];
    if (done.has(id)) return undefined;
    for (const next of after.get(id) ?? []) {
      const circle = follow(next, [...path, id]);
      if (circle !== undefined) return circle;
    }
    done.add(id);
    return undefined;
  };
  for (const id of after.keys()) {
    const circle = follow(id, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
