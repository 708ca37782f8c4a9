import { describe, expect, it } from 'vitest';
import * as agentTaskSpec from './agent-task-spec.ts';
import * as allocationPolicy from './allocation-policy.ts';
import * as computeResource from './compute-resource.ts';
import * as dependency from './dependency.ts';
import * as disk from './disk.ts';
import * as environment from './environment.ts';
import * as instancePolicy from './instance-policy.ts';
import * as job from './job.ts';
import * as jobStatus from './job-status.ts';
import * as lifecyclePolicy from './lifecycle-policy.ts';
import * as location from './location.ts';
import * as logsPolicy from './logs-policy.ts';
import * as networkPolicy from './network-policy.ts';
import * as notification from './notification.ts';
import * as operation from './operation.ts';
import type { Kind, MessageDescriptor } from './proto/kind.ts';
import * as report from './report.ts';
import * as runnable from './runnable.ts';
import * as serviceAccount from './service-account.ts';
import * as task from './task.ts';
import * as taskGroup from './task-group.ts';
import * as taskSpec from './task-spec.ts';
import published from './testdata/batch.v1.schemas.json' with { type: 'json' };
import * as volume from './volume.ts';

/** What the published description of v1 says of a field, or what we say, in one form: `list<int32>`, `enum(A,B)`, `Job`. */
type FieldTypes = Record<string, string>;

interface PublishedField {
  $ref?: string;
  type?: string;
  format?: string;
  enum?: string[];
  items?: PublishedField;
  additionalProperties?: PublishedField;
}

/** Fields that differ on purpose: `Message.field` to the reason. */
const meant = {
  'AgentInfo.needsAssignment': 'ours: asks for the assignment in the response',
  'AgentInfo.taskQueueSize': 'ours: tasks held beyond the slots',
  'AgentTask.environment': "ours: the task's own variables beside the assignment's spec",
  'AllocationPolicy.instance': 'v1alpha, deprecated: moved to instances[0].policy',
  'AllocationPolicy.instanceTemplates': 'v1alpha, deprecated: moved to instances[0].instanceTemplate',
  'AllocationPolicy.provisioningModels': 'v1alpha, deprecated: moved to instances[0].policy',
  'AllocationPolicy.serviceAccountEmail': 'v1alpha, deprecated: moved to serviceAccount.email',
  'ComputeResource.gpuCount': 'v1alpha',
  'InstancePolicy.allowedMachineTypes': 'v1alpha, deprecated: moved to machineType',
  'Job.dependencies': 'v1alpha: dependent jobs',
  'Job.notification': 'v1alpha, deprecated: moved to notifications',
  'Job.schedulingPolicy': 'v1alpha',
  'JobStatus.resourceUsage': 'v1alpha',
  'LocationPolicy.deniedLocations': 'v1alpha',
  'ReportAgentStateResponse.assignment': 'ours: what is the same for all tasks of a node',
  'TaskExecution.stderrSnippet': 'v1alpha',
  'TaskGroup.allocationPolicy': 'v1alpha',
  'JobNotification.topicName': 'ours: the topic, as Tencent Batch names it',
  'JobNotification.eventConfigs': "ours: events in Tencent Batch's form",
  'TaskGroup.failFast': 'ours: one failed task stops the others',
  'TaskGroup.dependsOn': 'ours: groups of a job in an order',
  'TaskGroup.labels': 'v1alpha',
  'TaskGroup.serviceAccount': 'v1alpha',
  'TaskStatus.resourceUsage': 'v1alpha',
  'Volume.pd': 'v1alpha, deprecated',
} as const;

/** Messages that v1 does not have. */
const meantMessages = {
  JobDependency: 'v1alpha: dependent jobs',
  EventConfig: "ours: an event in Tencent Batch's form",
  EventVar: "ours: a parameter of a subscriber's own",
  NodeAssignment: 'ours: what is the same for all tasks of a node',
  PD: 'v1alpha, deprecated: Volume.pd',
  ResourceUsage: 'v1alpha: JobStatus.resourceUsage',
  TaskResourceUsage: 'v1alpha: TaskStatus.resourceUsage',
} as const;

/** Messages of v1 that are no schema of ours. */
const elsewhere = {
  CancelJobRequest: 'read in requests.ts, where its name is accepted too',
  CancelOperationRequest: 'empty',
  Empty: 'empty',
} as const;

const modules = [
  agentTaskSpec,
  allocationPolicy,
  computeResource,
  dependency,
  disk,
  environment,
  instancePolicy,
  job,
  jobStatus,
  lifecyclePolicy,
  location,
  logsPolicy,
  networkPolicy,
  notification,
  operation,
  report,
  runnable,
  serviceAccount,
  task,
  taskGroup,
  taskSpec,
  volume,
];

const messages = new Map<string, MessageDescriptor>();
for (const value of modules.flatMap((module): unknown[] => Object.values(module))) {
  const descriptor = (value as Partial<Kind<unknown>> | null)?.descriptor;
  if (descriptor?.type === 'message') messages.set(descriptor.name, descriptor);
}

const theirs: Record<string, FieldTypes> = Object.fromEntries(
  Object.entries(published.schemas as Record<string, Record<string, PublishedField>>).map(
    ([name, fields]) => [name, mapValues(fields, typeOfPublished)],
  ),
);
const ours: Record<string, FieldTypes> = Object.fromEntries(
  [...messages].map(([name, { fields }]) => [name, mapValues(fields, typeOfOurs)]),
);

describe('our messages and the published description of v1', () => {
  it('are of the same names, but for those meant', () => {
    expect(missing(Object.keys(ours), Object.keys(theirs))).toEqual(Object.keys(meantMessages).sort());
    expect(missing(Object.keys(theirs), Object.keys(ours))).toEqual(Object.keys(elsewhere).sort());
  });

  it('have the same fields of the same types and enum names, but for those meant', () => {
    const differences: string[] = [];
    for (const [name, fields] of Object.entries(theirs)) {
      const own = ours[name];
      if (own === undefined) continue;
      for (const field of new Set([...Object.keys(fields), ...Object.keys(own)])) {
        if (own[field] !== fields[field]) differences.push(`${name}.${field}`);
      }
    }
    expect(differences.sort()).toEqual(Object.keys(meant).sort());
  });

  it.each(Object.keys(meant))('%s is a field that v1 lacks, not one of another type', (path) => {
    const [name = '', field = ''] = path.split('.');
    expect(theirs[name]?.[field]).toBeUndefined();
    expect(ours[name]?.[field]).toBeDefined();
  });
});

function typeOfPublished(field: PublishedField): string {
  if (field.$ref !== undefined) return field.$ref;
  if (field.enum !== undefined) return `enum(${field.enum.join(',')})`;
  if (field.items !== undefined) return `list<${typeOfPublished(field.items)}>`;
  if (field.additionalProperties !== undefined) {
    const value = typeOfPublished(field.additionalProperties);
    return value === 'any' ? 'json' : `map<${value}>`;
  }
  const formats: Record<string, string> = { 'google-datetime': 'timestamp', 'google-duration': 'duration' };
  const types: Record<string, string> = { string: 'text', boolean: 'bool' };
  if (field.format !== undefined) return formats[field.format] ?? field.format;
  return types[field.type ?? ''] ?? String(field.type);
}

function typeOfOurs({ descriptor }: Kind<unknown>): string {
  switch (descriptor.type) {
    case 'message':
      return descriptor.name;
    case 'enum':
      return `enum(${Object.keys(descriptor.table).join(',')})`;
    case 'list':
      return `list<${typeOfOurs(descriptor.item)}>`;
    case 'map':
      return `map<${typeOfOurs(descriptor.value)}>`;
    default:
      return descriptor.type;
  }
}

function missing(names: string[], others: string[]): string[] {
  return names.filter((name) => !others.includes(name)).sort();
}

function mapValues<T, U>(record: Readonly<Record<string, T>>, change: (value: T) => U): Record<string, U> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]));
}
