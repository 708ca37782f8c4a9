import protos from '@google-cloud/batch/build/protos/protos.json' with { type: 'json' };
import { describe, expect, it } from 'vitest';
import { jobSchema, listJobsResponseSchema } from './job.ts';
import { operationMetadataSchema } from './operation.ts';
import type { Descriptor, EnumTable, Kind, ScalarType } from './proto/kind.ts';
import { listTasksResponseSchema } from './task.ts';

// The public protos of v1 and v1alpha, as the npm package @google-cloud/batch carries them, hold what the description of
// v1 lacks: enum numbers, oneofs, and the alpha fields.

interface ProtoMessage {
  fields?: Record<string, { type: string; rule?: string; keyType?: string }>;
  oneofs?: Record<string, { oneof: string[] }>;
  values?: EnumTable;
  nested?: Record<string, ProtoMessage>;
}

const versions = protos.nested.google.nested.cloud.nested.batch.nested as unknown as Record<
  string,
  ProtoMessage
>;
const roots = [jobSchema, listJobsResponseSchema, listTasksResponseSchema, operationMetadataSchema];
const scalars: Record<string, ScalarType> = {
  string: 'text',
  bool: 'bool',
  int32: 'int32',
  int64: 'int64',
  double: 'double',
  'google.protobuf.Duration': 'duration',
  'google.protobuf.Timestamp': 'timestamp',
};
/** Fields that are in none of the public protos. */
const ours = [
  'TaskGroup.failFast',
  'TaskGroup.dependsOn',
  'JobNotification.topicName',
  'JobNotification.eventConfigs',
  'EventConfig.eventName',
  'EventConfig.eventVars',
  'EventVar.name',
  'EventVar.value',
];

describe.each(['v1', 'v1alpha'])('public protos of %s', (version) => {
  const { nested = {} } = versions[version] ?? {};

  it('have no field, enum number or oneof that we lack', () => {
    const problems: string[] = [];
    for (const root of roots) compare(root, find(nested, root.descriptor.name), [], problems);
    expect(problems).toEqual([]);
  });

  function compare(
    kind: Kind<unknown>,
    proto: ProtoMessage,
    scope: ProtoMessage[],
    problems: string[],
  ): void {
    const { descriptor } = kind;
    if (descriptor.type !== 'message') return;
    const { name, fields, oneofs } = descriptor;
    const scopes = [...scope, proto];
    for (const [field, declared] of Object.entries(proto.fields ?? {})) {
      const own = fields[field];
      if (own === undefined) {
        problems.push(`${name}.${field} is missing`);
        continue;
      }
      const expected =
        declared.keyType !== undefined ? 'map' : declared.rule === 'repeated' ? 'list' : undefined;
      const { type } = own.descriptor;
      if (expected === undefined ? type === 'map' || type === 'list' : type !== expected) {
        problems.push(`${name}.${field} is a ${type}`);
      }
      const item = itemOf(own.descriptor);
      const scalar = scalars[declared.type];
      if (scalar !== undefined) {
        if (item.descriptor.type !== scalar) problems.push(`${name}.${field} is no ${scalar}`);
      } else if (item.descriptor.type === 'enum') {
        const values = resolve(declared.type, scopes)?.values;
        if (JSON.stringify(item.descriptor.table) !== JSON.stringify(values)) {
          problems.push(`${name}.${field} has other enum numbers`);
        }
      } else if (item.descriptor.type === 'message') {
        const inner = resolve(declared.type, scopes);
        if (inner === undefined) problems.push(`${name}.${field}: no ${declared.type}`);
        else compare(item, inner, scopes, problems);
      } else {
        problems.push(`${name}.${field} is no ${declared.type}`);
      }
    }
    for (const { oneof } of Object.values(proto.oneofs ?? {})) {
      const given = [...oneof].sort().join();
      const isOptionalField = oneof.length === 1;
      if (isOptionalField || Object.values(oneofs).some((own) => given === sameIn(own, proto))) continue;
      problems.push(`${name} has no oneof ${given}`);
    }
  }

  function sameIn(own: readonly string[], proto: ProtoMessage): string {
    return own
      .filter((field) => proto.fields?.[field] !== undefined)
      .sort()
      .join();
  }

  function resolve(type: string, scopes: readonly ProtoMessage[]): ProtoMessage | undefined {
    const steps = type.split('.');
    for (const scope of [...scopes].reverse().concat({ nested })) {
      let at: ProtoMessage | undefined = scope;
      for (const step of steps) at = at?.nested?.[step];
      if (at !== undefined) return at;
    }
    return undefined;
  }
});

it('every field of a job is in one of the public protos, or is ours', () => {
  const unknown: string[] = [];
  const seen = new Set<string>();
  function visit({ descriptor }: Kind<unknown>): void {
    if (descriptor.type !== 'message' || seen.has(descriptor.name)) return;
    seen.add(descriptor.name);
    for (const [field, kind] of Object.entries(descriptor.fields)) {
      const known = Object.values(versions).some(
        ({ nested = {} }) => search(nested, descriptor.name)?.fields?.[field] !== undefined,
      );
      if (!known) unknown.push(`${descriptor.name}.${field}`);
      visit(itemOf(kind.descriptor));
    }
  }
  visit(jobSchema);
  expect(unknown).toEqual(ours);
});

function itemOf(descriptor: Descriptor): Kind<unknown> {
  if (descriptor.type === 'list') return descriptor.item;
  if (descriptor.type === 'map') return descriptor.value;
  return { descriptor, read: () => undefined };
}

function find(nested: Record<string, ProtoMessage>, name: string): ProtoMessage {
  const found = search(nested, name);
  if (found === undefined) throw new Error(`no message ${name}`);
  return found;
}

function search(nested: Record<string, ProtoMessage>, name: string): ProtoMessage | undefined {
  if (nested[name]?.fields !== undefined) return nested[name];
  for (const inner of Object.values(nested)) {
    const found = inner.nested === undefined ? undefined : search(inner.nested, name);
    if (found !== undefined) return found;
  }
  return undefined;
}
