import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { jobSchema } from '../job.ts';
import { reportAgentStateRequestSchema, reportAgentStateResponseSchema } from '../report.ts';
import { formatDuration, formatTimestamp } from '../time.ts';
import { encodeMessage } from './encode.ts';
import type { Kind } from './kind.ts';
import { snakeCase } from './message.ts';
import { readMessage } from './read.ts';
import { zodForm } from './zod-form.ts';

const schemas: [string, Kind<unknown>][] = [
  ['Job', jobSchema],
  ['ReportAgentStateRequest', reportAgentStateRequestSchema],
  ['ReportAgentStateResponse', reportAgentStateResponseSchema],
];

describe.each(schemas)('%s', (_, schema) => {
  const canonical = canonicalValues(schema);

  it('reads its canonical form as it is', () => {
    fc.assert(
      fc.property(canonical, (value) => {
        expect(readMessage(schema, value)).toBe(value);
      }),
    );
  });

  it('reads snake_case names, numbers and numeric enums to the same value', () => {
    fc.assert(
      fc.property(canonical, fc.infiniteStream(fc.boolean()), (value, coins) => {
        expect(readMessage(schema, disguise(schema, value, coins))).toEqual(value);
      }),
    );
  });

  it('is the same after encoding and reading again, with enums as names and as numbers', () => {
    fc.assert(
      fc.property(canonical, fc.boolean(), (value, enumsAsNumbers) => {
        const text = JSON.stringify(encodeMessage(schema, value, { enumsAsNumbers }));
        expect(readMessage(schema, JSON.parse(text))).toEqual(value);
      }),
    );
  });

  it('has a zod form that takes every canonical value', () => {
    const form = zodForm(schema);
    fc.assert(
      fc.property(canonical, (value) => {
        expect(form.safeParse(value).success).toBe(true);
      }),
    );
    expect(form.safeParse({ surprise: 1 }).success).toBe(false);
    expect(z.toJSONSchema(form)).toMatchObject({ type: 'object', additionalProperties: false });
  });
});

describe('encoding', () => {
  it('leaves out what the message does not declare', () => {
    const job = { uid: 'u', secretInternals: 1, labels: undefined };
    expect(encodeMessage(jobSchema, job)).toEqual({ uid: 'u' });
  });
});

/** Arbitrary canonical values of a kind. A oneof has at most one member. */
function canonicalValues({ descriptor }: Kind<unknown>): fc.Arbitrary<unknown> {
  switch (descriptor.type) {
    case 'int32':
      return fc.integer();
    case 'int64':
      return fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String);
    case 'uint64':
      return fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String);
    case 'double':
      return fc.integer({ min: -1000, max: 1000 }).map((n) => n / 8);
    case 'bool':
      return fc.boolean();
    case 'text':
      return fc.string();
    case 'duration':
      return fc.integer({ min: -1e9, max: 1e9 }).map(formatDuration);
    case 'timestamp':
      return fc.integer({ min: 0, max: 4e12 }).map(formatTimestamp);
    case 'json':
      return fc.dictionary(fc.string(), fc.string());
    case 'enum':
      return fc.constantFrom(...Object.keys(descriptor.table));
    case 'list':
      return fc.array(canonicalValues(descriptor.item), { maxLength: 2 });
    case 'map':
      return fc.dictionary(fc.stringMatching(/^[a-z]{1,5}$/), canonicalValues(descriptor.value), {
        maxKeys: 2,
        noNullPrototype: true,
      });
    case 'message': {
      const fields = Object.fromEntries(
        Object.entries(descriptor.fields).map(([name, kind]) => [name, canonicalValues(kind)]),
      );
      const groups = Object.values(descriptor.oneofs);
      return fc
        .tuple(fc.record(fields, { requiredKeys: [], noNullPrototype: true }), fc.nat())
        .map(([value, choice]) => keepOne(value, groups, choice));
    }
  }
}

function keepOne(
  value: Record<string, unknown>,
  groups: readonly (readonly string[])[],
  choice: number,
): unknown {
  for (const group of groups) {
    const kept = group[choice % group.length];
    for (const name of group) if (name !== kept) delete value[name];
  }
  return value;
}

/** Another accepted form of a canonical value, chosen by coins. */
function disguise({ descriptor }: Kind<unknown>, value: unknown, coins: fc.Stream<boolean>): unknown {
  const heads = coins.next().value === true;
  switch (descriptor.type) {
    case 'int64':
    case 'uint64':
      return heads && Number.isSafeInteger(Number(value)) ? Number(value) : value;
    case 'int32':
      return heads ? String(value) : value;
    case 'enum':
      return heads ? descriptor.table[String(value)] : value;
    case 'timestamp':
      return heads ? String(value).replace(/\.?0*Z$/, '+00:00') : value;
    case 'list':
      return (value as unknown[]).map((item) => disguise(descriptor.item, item, coins));
    case 'map':
      return mapEntries(value, (name, item) => [name, disguise(descriptor.value, item, coins)]);
    case 'message':
      return mapEntries(value, (name, item) => [
        heads ? snakeCase(name) : name,
        disguise(descriptor.fields[name] as Kind<unknown>, item, coins),
      ]);
    default:
      return value;
  }
}

function mapEntries(value: unknown, change: (name: string, item: unknown) => [string, unknown]): unknown {
  return Object.fromEntries(Object.entries(value as object).map(([name, item]) => change(name, item)));
}
