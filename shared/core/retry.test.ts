import { describe, expect, it } from 'vitest';
import { reasonOf, reservedExitCodes } from './reserved-exit-codes.ts';
import { isRetried, type RetryRules } from './retry.ts';

const retry = (exitCodes: number[], maxRetryCount = 1): RetryRules => ({
  maxRetryCount,
  policy: { action: 'RETRY_TASK', exitCodes },
});
const failOn = (exitCodes: number[], maxRetryCount = 1): RetryRules => ({
  maxRetryCount,
  policy: { action: 'FAIL_TASK', exitCodes },
});

describe('isRetried', () => {
  it.each<{ name: string; rules: RetryRules; attempt: number; exitCode: number; expected: boolean }>([
    { name: 'no retries', rules: { maxRetryCount: 0 }, attempt: 0, exitCode: 1, expected: false },
    {
      name: 'the first failure of two',
      rules: { maxRetryCount: 1 },
      attempt: 0,
      exitCode: 1,
      expected: true,
    },
    { name: 'the second of two', rules: { maxRetryCount: 1 }, attempt: 1, exitCode: 1, expected: false },
    { name: 'the last but one', rules: { maxRetryCount: 10 }, attempt: 9, exitCode: 1, expected: true },
    { name: 'the last', rules: { maxRetryCount: 10 }, attempt: 10, exitCode: 1, expected: false },
    { name: 'a lost node', rules: { maxRetryCount: 1 }, attempt: 0, exitCode: 50001, expected: true },
    { name: 'RETRY_TASK, listed', rules: retry([7, 50001]), attempt: 0, exitCode: 50001, expected: true },
    { name: 'RETRY_TASK, not listed', rules: retry([7]), attempt: 0, exitCode: 1, expected: false },
    { name: 'RETRY_TASK, no retry left', rules: retry([7]), attempt: 1, exitCode: 7, expected: false },
    { name: 'RETRY_TASK, nothing listed', rules: retry([]), attempt: 0, exitCode: 1, expected: false },
    { name: 'FAIL_TASK, listed', rules: failOn([7]), attempt: 0, exitCode: 7, expected: false },
    { name: 'FAIL_TASK, not listed', rules: failOn([7]), attempt: 0, exitCode: 1, expected: true },
    { name: 'FAIL_TASK, no retry left', rules: failOn([7]), attempt: 1, exitCode: 1, expected: false },
    { name: 'FAIL_TASK, nothing listed', rules: failOn([]), attempt: 0, exitCode: 1, expected: true },
  ])('$name', ({ rules, attempt, exitCode, expected }) => {
    expect(isRetried(rules, attempt, exitCode)).toBe(expected);
  });
});

describe('reserved exit codes', () => {
  it.each([
    [50000, undefined],
    [50001, 'Spot VM preemption'],
    [50002, 'Batch no longer receives VM updates'],
    [50003, 'VM is rebooted during task execution'],
    [50004, 'tasks cannot be canceled'],
    [50005, 'task runs over the maximum runtime'],
    [50006, 'VM is recreated during task execution'],
    [1, undefined],
  ])('%i: %s', (code, reason) => {
    expect(reasonOf(code)).toBe(reason);
  });

  it('are seven', () => {
    expect(Object.values(reservedExitCodes).map(({ code }) => code)).toEqual([
      50000, 50001, 50002, 50003, 50004, 50005, 50006,
    ]);
  });
});
