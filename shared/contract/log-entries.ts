import * as z from 'zod';

/** One line that a task wrote. */
const logEntry = z.strictObject({
  time: z.iso.datetime(),
  taskGroup: z.string(),
  /** The task's index, as decimal digits. */
  task: z.string(),
  attempt: z.int().nonnegative(),
  runnable: z.int().nonnegative(),
  stream: z.enum(['stdout', 'stderr']),
  text: z.string(),
});

/** Ours, the answer to `GET …/jobs/{job}/logEntries`: one page of a job's output. */
export const logPageSchema = z.strictObject({
  entries: z.array(logEntry),
  /** Always there: good later for what has come since. */
  nextPageToken: z.string(),
  /** Whether anything may come yet: the job has not ended, or what it wrote last may still be on its way. */
  mayGrow: z.boolean(),
});

export type LogEntry = z.infer<typeof logEntry>;
export type LogPage = z.infer<typeof logPageSchema>;
