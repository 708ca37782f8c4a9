import * as z from 'zod';

const variable = z.object({ name: z.string(), value: z.string().optional() });

/** What is read of an event "ECS Task State Change". */
export const ecsTaskEvent = z.object({
  detail: z.object({
    taskArn: z.string().min(1),
    lastStatus: z.string(),
    desiredStatus: z.string(),
    /** Grows with each change of the task: events come more than once, and in any order. */
    version: z.int(),
    stopCode: z.string().optional(),
    stoppedReason: z.string().optional(),
    overrides: z
      .object({
        containerOverrides: z.array(z.object({ environment: z.array(variable).optional() })).optional(),
      })
      .optional(),
  }),
});
export type EcsTaskEvent = z.infer<typeof ecsTaskEvent>;

/** The claim that the node was started with, which names its seat; undefined for a task of something else. */
export function claimOf({ detail }: EcsTaskEvent): string | undefined {
  const variables =
    detail.overrides?.containerOverrides?.flatMap(({ environment = [] }) => environment) ?? [];
  return variables.find(({ name }) => name === 'SLUICE_CLAIM')?.value;
}

/** Reasons for which a task is taken away that has not ended by itself (ECS API, Task.stopCode). */
const TAKEN_AWAY = new Set([
  'SpotInterruption',
  'TerminationNotice',
  'UserInitiated',
  'ServiceSchedulerInitiated',
]);

/** Whether a task runs on for a little while, and then is taken away. */
export function isBeingTakenAway({ detail }: EcsTaskEvent): boolean {
  const { desiredStatus, lastStatus, stopCode = '' } = detail;
  return desiredStatus === 'STOPPED' && lastStatus !== 'STOPPED' && TAKEN_AWAY.has(stopCode);
}
