import type { EnumTable, Kind } from './kind.ts';

/**
 * An enum. Canonical form: the value's name. Read from its name or its protobuf number, which Google's Node.js client sends.
 * A name or number that is not in the table is refused with the list of names.
 * `otherNames` are read too, for the members that they stand for.
 */
export function enumOf<const T extends EnumTable>(
  name: string,
  table: T,
  otherNames: Readonly<Record<string, keyof T & string>> = {},
): Kind<keyof T & string> {
  const names = new Set(Object.keys(table));
  const byNumber = new Map(Object.entries(table).map(([member, number]) => [number, member]));
  const allowed = `one of ${[...names].filter((member) => table[member] !== 0).join(', ')}`;
  return {
    descriptor: { type: 'enum', name, table },
    read(value, problems) {
      if (typeof value === 'string' && names.has(value)) return value as keyof T & string;
      const member =
        typeof value === 'number'
          ? byNumber.get(value)
          : typeof value === 'string' && Object.hasOwn(otherNames, value)
            ? otherNames[value]
            : undefined;
      if (member === undefined) problems.refuse(value, allowed);
      return member as keyof T & string;
    },
  };
}
