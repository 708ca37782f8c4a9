import { list } from './proto/collection.ts';
import { enumOf } from './proto/enum.ts';
import { int32 } from './proto/integer.ts';
import type { Infer } from './proto/kind.ts';
import { message } from './proto/message.ts';
import { double, text, timestamp } from './proto/scalar.ts';
import { taskStates } from './states.ts';

export const taskExecutionSchema = message('TaskExecution', {
  exitCode: int32(),
  stderrSnippet: text(),
});
export type TaskExecution = Infer<typeof taskExecutionSchema>;

/** A line in the history of a job or a task. `taskExecution` and `taskState` are for tasks only. */
export const statusEventSchema = message('StatusEvent', {
  type: text(),
  description: text(),
  eventTime: timestamp(),
  taskExecution: taskExecutionSchema,
  taskState: enumOf('TaskStatus.State', taskStates),
});
export type StatusEvent = Infer<typeof statusEventSchema>;

export const taskResourceUsageSchema = message('TaskResourceUsage', { coreHours: double() });

export const taskStatusSchema = message('TaskStatus', {
  state: enumOf('TaskStatus.State', taskStates),
  statusEvents: list(statusEventSchema),
  resourceUsage: taskResourceUsageSchema,
});
export type TaskStatus = Infer<typeof taskStatusSchema>;

export const taskSchema = message('Task', { name: text(), status: taskStatusSchema });
export type Task = Infer<typeof taskSchema>;

export const listTasksResponseSchema = message('ListTasksResponse', {
  tasks: list(taskSchema),
  nextPageToken: text(),
  unreachable: list(text()),
});
export type ListTasksResponse = Infer<typeof listTasksResponseSchema>;
