import { compileComparison } from './comparison.ts';
import { type EnumField, type FilterFields, requireField } from './filter-fields.ts';
import { type Filter, parseFilter } from './filter-syntax.ts';

/**
 * The names, one of which an enum field must have for an item to match the filter, or undefined when the filter leaves the
 * field free. So a store reads only the states asked for through its index. No match is ever lost: what the analysis
 * cannot tell counts as free. The filter must have passed `compileFilter`.
 */
export function requiredNames<Item>(
  filter: string | Filter,
  fields: FilterFields<Item>,
  field: EnumField<Item>,
): readonly string[] | undefined {
  const parsed = typeof filter === 'string' ? parseFilter(filter) : filter;
  const { mayMatch } = outcomes(parsed, fields, field);
  return mayMatch.size === field.names.length ? undefined : [...mayMatch];
}

/** For which names a filter may match an item, and for which it may not: a name can be in both. */
interface Outcomes {
  readonly mayMatch: ReadonlySet<string>;
  readonly mayFail: ReadonlySet<string>;
}

function outcomes<Item>(filter: Filter, fields: FilterFields<Item>, field: EnumField<Item>): Outcomes {
  const all = new Set(field.names);
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const parts = filter.parts.map((part) => outcomes(part, fields, field));
      const matches = parts.map(({ mayMatch }) => mayMatch);
      const fails = parts.map(({ mayFail }) => mayFail);
      return filter.kind === 'and'
        ? { mayMatch: intersection(all, matches), mayFail: union(fails) }
        : { mayMatch: union(matches), mayFail: intersection(all, fails) };
    }
    case 'not': {
      const { mayMatch, mayFail } = outcomes(filter.part, fields, field);
      return { mayMatch: mayFail, mayFail: mayMatch };
    }
    case 'comparison': {
      if (requireField(fields, filter.path, filter.at).field !== field)
        return { mayMatch: all, mayFail: all };
      const named: EnumField<string> = { ...field, of: (name) => name };
      const matches = compileComparison({ field: named, key: undefined }, filter);
      const mayMatch = new Set(field.names.filter(matches));
      return { mayMatch, mayFail: new Set(field.names.filter((name) => !mayMatch.has(name))) };
    }
    case 'word':
      return { mayMatch: all, mayFail: all };
  }
}

function intersection(all: ReadonlySet<string>, sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set([...all].filter((name) => sets.every((set) => set.has(name))));
}

function union(sets: readonly ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set(sets.flatMap((set) => [...set]));
}
