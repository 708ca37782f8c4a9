import * as z from 'zod';
import type { Kind } from './kind.ts';

const zodForms = new WeakMap<Kind<unknown>, z.ZodType>();

/**
 * The zod schema of a kind's canonical form, for composing with other zod schemas and for z.toJSONSchema.
 * It checks and does not convert: input from clients goes through `readMessage`.
 */
export function zodForm<T>(kind: Kind<T>): z.ZodType<T> {
  let form = zodForms.get(kind);
  if (form === undefined) {
    form = build(kind);
    zodForms.set(kind, form);
  }
  return form as z.ZodType<T>;
}

function build({ descriptor }: Kind<unknown>): z.ZodType {
  switch (descriptor.type) {
    case 'int32':
      return z.int32();
    case 'int64':
      return z.string().regex(/^(0|-?[1-9]\d*)$/);
    case 'uint64':
      return z.string().regex(/^(0|[1-9]\d*)$/);
    case 'double':
      return z.number();
    case 'bool':
      return z.boolean();
    case 'text':
      return z.string();
    case 'duration':
      return z.string().regex(/^-?\d+(\.(\d{3}){1,3})?s$/);
    case 'timestamp':
      return z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{9}Z$/);
    case 'json':
      return z.record(z.string(), z.unknown());
    case 'enum':
      return z.enum(Object.keys(descriptor.table));
    case 'list':
      return z.array(zodForm(descriptor.item));
    case 'map':
      return z.record(z.string(), zodForm(descriptor.value));
    case 'message':
      return z
        .strictObject(
          Object.fromEntries(
            Object.entries(descriptor.fields).map(([name, kind]) => [name, zodForm(kind).optional()]),
          ),
        )
        .meta({ title: descriptor.name });
  }
}
