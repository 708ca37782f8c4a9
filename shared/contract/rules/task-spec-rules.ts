import type { LifecyclePolicy } from '../lifecycle-policy.ts';
import { limits } from '../limits.ts';
import type { Problems } from '../proto/problems.ts';
import type { TaskSpec } from '../task-spec.ts';
import { checkEnvironment } from './environment-rules.ts';
import { checkNotNegative, checkRange } from './range.ts';
import { checkRunnable } from './runnable-rules.ts';
import { checkVolume } from './volume-rules.ts';

/** Checks a task spec that stands here. `displayNames`: see `checkRunnable`. */
export function checkTaskSpec(problems: Problems, spec: TaskSpec, displayNames: Set<string>): void {
  if ((spec.runnables ?? []).length === 0) {
    problems.at('runnables', () => problems.add('must have at least one runnable; given none'));
  }
  problems.each('runnables', spec.runnables, (runnable) => {
    checkRunnable(problems, runnable, displayNames);
  });
  checkRange(problems, 'maxRetryCount', spec.maxRetryCount, limits.retryCount);
  if (spec.maxRunDuration?.startsWith('-')) {
    problems.at('maxRunDuration', () => problems.refuse(spec.maxRunDuration, '0s or longer'));
  }
  checkLifecyclePolicies(problems, spec.lifecyclePolicies);
  problems.each('volumes', spec.volumes, (volume) => checkVolume(problems, volume));
  problems.at('environment', () => checkEnvironment(problems, spec.environment));
  problems.at('computeResource', () => {
    for (const field of ['cpuMilli', 'memoryMib', 'gpuCount', 'bootDiskMib'] as const) {
      checkNotNegative(problems, field, spec.computeResource?.[field]);
    }
  });
}

function checkLifecyclePolicies(problems: Problems, policies: readonly LifecyclePolicy[] | undefined): void {
  if (policies !== undefined && policies.length > limits.lifecyclePolicies) {
    problems.at('lifecyclePolicies', () =>
      problems.add(`must be at most ${limits.lifecyclePolicies} policy; given ${policies.length}`),
    );
  }
  problems.each('lifecyclePolicies', policies, ({ action, actionCondition }) => {
    if (action === undefined || action === 'ACTION_UNSPECIFIED') {
      problems.at('action', () => problems.refuse(action ?? null, 'RETRY_TASK or FAIL_TASK'));
    }
    problems.at('actionCondition', () => {
      const exitCodes = actionCondition?.exitCodes ?? [];
      if (exitCodes.length === 0) {
        problems.at('exitCodes', () => problems.add('must have at least one exit code; given none'));
      }
      problems.each('exitCodes', exitCodes, (code) => {
        if (!isExitCode(code)) problems.refuse(code, exitCodesInWords);
      });
    });
  });
}

const { exitCode, reservedExitCode } = limits;
const exitCodesInWords = `from ${exitCode.min} to ${exitCode.max}, or a reserved code from ${reservedExitCode.min} to ${reservedExitCode.max}`;

function isExitCode(code: number): boolean {
  return [exitCode, reservedExitCode].some(({ min, max }) => code >= min && code <= max);
}
