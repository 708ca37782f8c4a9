import * as z from 'zod';

const jobUid = z.string().min(1);
const groupId = z.string().min(1);
const group = { jobUid, groupId };
const seat = {
  ...group,
  seat: z.int().nonnegative(),
  /** Whose launch rate counts. */
  capacityProvider: z.enum(['FARGATE', 'FARGATE_SPOT']).optional(),
};

/** What the state machine says of a failure. */
const failure = z.object({ Error: z.string().default(''), Cause: z.string().default('') });

/** What the state machine, and the rule for executions that died, hand to each function. */
export const payloads = {
  'plan-job': z.object({ jobUid }),
  'list-seats': z.object(group),
  'open-seat': z.object(seat),
  'close-seat': z.object({ ...seat, epoch: z.int().positive(), failure: failure.optional() }),
  'wait-for-stage': z.object({ ...group, stage: z.int().nonnegative(), token: z.string().min(1) }),
  'finish-job': z.object({ jobUid }),
  'give-up-job': z.object({ execution: z.string().min(1), failure }),
} as const;

/** The job that an execution runs: its name is the job's uid, with a number behind a dot from the second one on. */
export function jobUidOfExecution(name: string): string {
  return name.split('.')[0] ?? name;
}
