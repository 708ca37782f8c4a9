import type { Infer, Kind, MessageDescriptor } from './kind.ts';
import { nearestName } from './nearest-name.ts';
import type { Problems } from './problems.ts';

/** Fields of a message by camelCase name. */
export type Fields = Readonly<Record<string, Kind<unknown>>>;

/** The canonical value of a message: every field may be absent, as in proto3. */
export type MessageValue<F extends Fields> = { -readonly [N in keyof F]?: Infer<F[N]> | undefined };

/** A message kind; its fields can be taken up by another message. */
export interface MessageKind<F extends Fields> extends Kind<MessageValue<F>> {
  readonly descriptor: MessageDescriptor;
  readonly fields: F;
}

/**
 * Declares a message of the API.
 *
 * Reading accepts a field under its camelCase or its snake_case name but not under both, takes `null` for absent,
 * refuses names that the message does not have, and refuses two fields of one oneof.
 */
export function message<const F extends Fields>(
  name: string,
  fields: F,
  oneofs: Readonly<Record<string, readonly (keyof F & string)[]>> = {},
): MessageKind<F> {
  const lookup = nameTable(fields);
  const groups = Object.values(oneofs);

  /** Reads field by field into a new object, for input that is not canonical. */
  function copy(source: Record<string, unknown>, problems: Problems): Record<string, unknown> {
    const result: Record<string, unknown> = {};
    for (const given in source) {
      const field = lookup.get(given);
      const value = source[given];
      if (field === undefined) {
        problems.at(given, () => problems.add(unknownField(given, name, fields)));
        continue;
      }
      if (value === null || value === undefined) continue;
      problems.enter(field.name);
      if (Object.hasOwn(result, field.name)) {
        problems.add(`must be given once; given as both ${field.name} and ${snakeCase(field.name)}`);
      }
      result[field.name] = field.kind.read(value, problems);
      problems.leave();
    }
    return result;
  }

  return {
    descriptor: { type: 'message', name, fields, oneofs },
    fields,
    read(value, problems) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        problems.refuse(value, `an object (${name})`);
        return {};
      }
      const source = value as Record<string, unknown>;
      const result = isPlain(source, lookup) ? readInPlace(source, lookup, problems) : copy(source, problems);
      for (const group of groups) checkOneof(group, result, problems);
      return result as MessageValue<F>;
    },
  };
}

interface NamedField {
  name: string;
  kind: Kind<unknown>;
}
type NameTable = ReadonlyMap<string, NamedField>;

function nameTable(fields: Fields): NameTable {
  const table = new Map<string, NamedField>();
  for (const [name, kind] of Object.entries(fields)) {
    const field = { name, kind };
    table.set(name, field);
    table.set(snakeCase(name), field);
  }
  return table;
}

/** True when every name is a known camelCase one and no value is null, so that the object may be kept as it is. */
function isPlain(source: Record<string, unknown>, lookup: NameTable): boolean {
  for (const given in source) {
    if (lookup.get(given)?.name !== given || source[given] === null || source[given] === undefined) {
      return false;
    }
  }
  return true;
}

/** Reads the fields of a plain object; copies it only when a field's canonical form differs from what was given. */
function readInPlace(
  source: Record<string, unknown>,
  lookup: NameTable,
  problems: Problems,
): Record<string, unknown> {
  let result = source;
  for (const given in source) {
    const value = source[given];
    problems.enter(given);
    const read = lookup.get(given)?.kind.read(value, problems);
    problems.leave();
    if (read === value) continue;
    if (result === source) result = { ...source };
    result[given] = read;
  }
  return result;
}

function checkOneof(group: readonly string[], value: Record<string, unknown>, problems: Problems): void {
  let found = 0;
  for (const name of group) if (value[name] !== undefined) found++;
  if (found < 2) return;
  const given = group.filter((name) => value[name] !== undefined);
  problems.add(`must have only one of ${group.join(', ')}; given ${given.join(' and ')}`);
}

function unknownField(given: string, message: string, fields: Fields): string {
  const near = nearestName(given, Object.keys(fields));
  const hint = near === undefined ? '' : ` (did you mean ${JSON.stringify(near)}?)`;
  return `is not a field of ${message}${hint}`;
}

/** The protobuf name of a field: `maxRunDuration` gives `max_run_duration`. */
export function snakeCase(camelCase: string): string {
  return camelCase.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
