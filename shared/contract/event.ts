import * as z from 'zod';
import { type EventName, eventNamesOf, type SubjectKind } from './event-names.ts';

export * from './event-names.ts';

/** The version of the message's form (Tencent Batch user guide, its sample). */
export const EVENT_VERSION = '1.0';

/** Whole seconds in UTC, as in the documented sample: `"2018-06-15T14:43:17Z"`. */
const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
const state = (...names: string[]) => z.enum(names);
const ends = ['RUNNING', 'SUCCEED', 'FAILED', 'FAILED_INTERRUPTED'];

/**
 * The body `Batch` by kind of subject. Tencent documents the node's alone; the others have the fields of its API's views of
 * the same things (JobView, TaskView, TaskInstanceView, ComputeEnvView).
 */
export const eventBodySchemas = {
  job: z.strictObject({
    /** The job's uid: Tencent's JobId is the service's, too. */
    JobId: z.string(),
    /** The name that the client gave: the last part of the job's resource name. */
    JobName: z.string(),
    JobState: state(...ends),
    Priority: z.int(),
    CreateTime: time,
    EndTime: time.optional(),
    /** The line of the job's history. */
    StateReason: z.string().optional(),
  }),
  group: z.strictObject({
    JobId: z.string(),
    JobName: z.string(),
    /** `group0`, `group1`, … */
    TaskName: z.string(),
    TaskState: state(...ends),
    CreateTime: time,
    EndTime: time.optional(),
    /** Why the group was stopped, where it was. */
    StateReason: z.string().optional(),
  }),
  task: z.strictObject({
    JobId: z.string(),
    JobName: z.string(),
    TaskName: z.string(),
    /** From 0. */
    TaskInstanceIndex: z.int(),
    TaskInstanceState: state(...ends),
    /** Of the last attempt, where it failed. */
    ExitCode: z.int().optional(),
    StateReason: z.string().optional(),
    /** The node of the last attempt. */
    ComputeNodeInstanceId: z.string().optional(),
    CreateTime: time,
    /** When the last attempt was given to a node. */
    LaunchTime: time.optional(),
    /** When it started there. */
    RunningTime: time.optional(),
    EndTime: time.optional(),
  }),
  environment: z.strictObject({
    EnvId: z.string(),
    EnvName: z.string(),
    DesiredComputeNodeCount: z.int(),
    CreateTime: time,
  }),
  node: z.strictObject({
    ComputeNodeId: z.string(),
    EnvId: z.string(),
    ComputeNodeState: state('CREATED', 'CREATION_FAILED', 'RUNNING', 'ABNORMAL', 'DELETING'),
    /** GiB that the tasks of the node's slots ask for together. */
    Mem: z.number(),
    /** When the node was asked for. */
    ResourceCreatedTime: time,
    EnvName: z.string(),
    ComputeNodeInstanceId: z.string(),
    /** Cores that the tasks of the node's slots ask for together. */
    Cpu: z.number(),
  }),
} as const satisfies Record<SubjectKind, z.ZodType>;

export type EventBodyOf<Kind extends SubjectKind> = z.infer<(typeof eventBodySchemas)[Kind]>;
export type EventBody = EventBodyOf<SubjectKind>;

/** A parameter of the subscriber's own, beside the fixed body (EventConfig.EventVars). */
export const eventVarSchema = z.strictObject({ Name: z.string(), Value: z.string() });
export type EventVar = z.infer<typeof eventVarSchema>;

function eventOf<const Kind extends SubjectKind>(kind: Kind) {
  return z.strictObject({
    EventVersion: z.literal(EVENT_VERSION),
    EventTime: time,
    Region: z.string(),
    Batch: eventBodySchemas[kind],
    EventName: z.enum(eventNamesOf(kind)),
    EventVars: z.array(eventVarSchema),
  });
}

export const eventSchema = z.union([
  eventOf('job'),
  eventOf('group'),
  eventOf('task'),
  eventOf('environment'),
  eventOf('node'),
]);

/** One event, in the documented order of fields. */
export interface Event {
  readonly EventVersion: typeof EVENT_VERSION;
  readonly EventTime: string;
  readonly Region: string;
  readonly Batch: EventBody;
  readonly EventName: EventName;
  readonly EventVars: readonly EventVar[];
}

/** What is published: a list, with one event in each message. */
export const eventMessageSchema = z.strictObject({ Events: z.array(eventSchema).min(1) });
export interface EventMessage {
  readonly Events: readonly [Event];
}
