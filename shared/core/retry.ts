/** What a group says about failed attempts: Google Batch's maxRetryCount and its one lifecycle policy. */
export interface RetryRules {
  /** 0 to 10; the number of attempts after the first. */
  readonly maxRetryCount: number;
  readonly policy?:
    | { readonly action: 'RETRY_TASK' | 'FAIL_TASK'; readonly exitCodes: readonly number[] }
    | undefined;
}

/**
 * Whether an attempt that ended with `exitCode` is followed by another.
 * RETRY_TASK retries the listed codes only; FAIL_TASK retries all but the listed ones; without a policy every failure
 * is retried. All codes, the reserved 50001 to 50006 too, draw on the one maxRetryCount (LifecyclePolicy, Google Batch).
 */
export function isRetried(rules: RetryRules, attempt: number, exitCode: number): boolean {
  if (attempt >= rules.maxRetryCount) return false;
  if (rules.policy === undefined) return true;
  return rules.policy.exitCodes.includes(exitCode) === (rules.policy.action === 'RETRY_TASK');
}
