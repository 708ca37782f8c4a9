import { limits } from '../limits.ts';
import type { Problems } from '../proto/problems.ts';
import type { TaskGroup } from '../task-group.ts';
import { checkAllocationPolicy } from './allocation-rules.ts';
import { checkEnvironment } from './environment-rules.ts';
import { checkLabelCount, checkLabels, countLabels } from './label-rules.ts';
import { checkNotNegative, isUnset } from './range.ts';
import { checkTaskSpec } from './task-spec-rules.ts';

/** Checks a task group that stands here. `displayNames`: see `checkRunnable`. */
export function checkTaskGroup(problems: Problems, group: TaskGroup, displayNames: Set<string>): void {
  if (group.taskSpec === undefined) {
    problems.at('taskSpec', () => problems.add('is required; given nothing'));
  } else {
    const { taskSpec } = group;
    problems.at('taskSpec', () => checkTaskSpec(problems, taskSpec, displayNames));
  }
  checkTaskCount(problems, group);
  checkParallelism(problems, group);
  checkNotNegative(problems, 'taskCountPerNode', group.taskCountPerNode);
  problems.each('taskEnvironments', group.taskEnvironments, (environment) => {
    checkEnvironment(problems, environment);
  });
  checkLabels(problems, group.labels);
  checkLabelCount(problems, countLabels(group.labels), limits.groupLabels, 'labels of a task group');
  problems.at('allocationPolicy', () => checkAllocationPolicy(problems, group.allocationPolicy));
}

/**
 * With taskEnvironments the number of tasks is their number. Of the two published statements on taskCount (it is ignored
 * then; it must be equal) both are served: absent and equal are accepted.
 */
function checkTaskCount(problems: Problems, { taskCount, taskEnvironments = [] }: TaskGroup): void {
  const environments = taskEnvironments.length;
  if (environments > limits.taskEnvironments) {
    problems.at('taskEnvironments', () =>
      problems.add(`must be at most ${limits.taskEnvironments} environments; given ${environments}`),
    );
  }
  if (taskCount === undefined || isUnset(taskCount)) return;
  problems.at('taskCount', () => {
    if (Number(taskCount) < 1 || Number(taskCount) > limits.tasksPerGroup) {
      problems.refuse(taskCount, `from 1 to ${limits.tasksPerGroup}`);
    } else if (environments > 0 && Number(taskCount) !== environments) {
      problems.refuse(taskCount, `absent or ${environments}, the number of taskEnvironments`);
    }
  });
}

function checkParallelism(problems: Problems, { parallelism, schedulingPolicy }: TaskGroup): void {
  if (parallelism === undefined || isUnset(parallelism)) return;
  problems.at('parallelism', () => {
    if (schedulingPolicy === 'IN_ORDER') {
      if (parallelism !== '1') problems.refuse(parallelism, '1 when schedulingPolicy is IN_ORDER');
    } else if (Number(parallelism) < 1 || Number(parallelism) > limits.parallelTasks) {
      problems.refuse(parallelism, `from 1 to ${limits.parallelTasks}`);
    }
  });
}
