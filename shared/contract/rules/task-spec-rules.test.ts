import { describe, expect, it } from 'vitest';
import { many, POLICY, type RefusedJob, SPEC, violationsOf, withRunnables, withSpec } from './sample-jobs.ts';

const refused: RefusedJob[] = [
  ['no runnable', withRunnables(), `${SPEC}.runnables`, 'must have at least one runnable; given none'],
  [
    'a negative run duration',
    withSpec({ maxRunDuration: '-1s' }),
    `${SPEC}.maxRunDuration`,
    'must be 0s or longer; given "-1s"',
  ],
  [
    'eleven retries',
    withSpec({ maxRetryCount: 11 }),
    `${SPEC}.maxRetryCount`,
    'must be from 0 to 10; given 11',
  ],
  [
    'negative CPU',
    withSpec({ computeResource: { cpuMilli: -1 } }),
    `${SPEC}.computeResource.cpuMilli`,
    'must be positive; given "-1"',
  ],
  [
    'two lifecycle policies',
    withSpec({
      lifecyclePolicies: many(2, () => ({ action: 'FAIL_TASK', actionCondition: { exitCodes: [1] } })),
    }),
    `${SPEC}.lifecyclePolicies`,
    'must be at most 1 policy; given 2',
  ],
  [
    'no action',
    withSpec({ lifecyclePolicies: [{ actionCondition: { exitCodes: [1] } }] }),
    `${POLICY}.action`,
    'must be RETRY_TASK or FAIL_TASK; given null',
  ],
  [
    'no exit codes',
    withSpec({ lifecyclePolicies: [{ action: 1 }] }),
    `${POLICY}.actionCondition.exitCodes`,
    'must have at least one exit code; given none',
  ],
  [
    'exit code 0',
    withSpec({ lifecyclePolicies: [{ action: 1, actionCondition: { exitCodes: [1, 0] } }] }),
    `${POLICY}.actionCondition.exitCodes[1]`,
    'must be from 1 to 255, or a reserved code from 50000 to 59999; given 0',
  ],
  [
    'an unknown action',
    withSpec({ lifecyclePolicies: [{ action: 'RETRY', actionCondition: { exitCodes: [1] } }] }),
    `${POLICY}.action`,
    'must be one of RETRY_TASK, FAIL_TASK; given "RETRY"',
  ],
];

describe('task specs', () => {
  it.each(refused)('are refused for %s', (_, body, field, description) => {
    expect(violationsOf(body)).toContainEqual({ field, description });
  });
});
