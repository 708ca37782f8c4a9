import { canonicalDuration, canonicalTimestamp, durationMs } from '../../contract/time.ts';
import { meaningError, shown } from './filter-error.ts';
import type { EnumField, FoundField } from './filter-fields.ts';
import type { Comparison } from './filter-syntax.ts';
import type { Comparator } from './filter-tokens.ts';
import { wildcardTest } from './wildcard.ts';

/** Says whether an item matches. */
export type Predicate<Item> = (item: Item) => boolean;

const equality: readonly Comparator[] = ['=', '!=', ':'];
const has: readonly Comparator[] = [':'];

/** Turns a comparison with a known field into a predicate; INVALID_ARGUMENT when the field's kind does not allow it. */
export function compileComparison<Item>(found: FoundField<Item>, comparison: Comparison): Predicate<Item> {
  const { field, key } = found;
  switch (field.kind) {
    case 'text':
      return compileText(comparison, (item) => field.of(item) ?? '');
    case 'texts': {
      requireComparator(comparison, 'a list', has);
      const matches = wildcardTest(comparison.value);
      return (item) => field.of(item)?.some(matches) ?? false;
    }
    case 'map':
      return key === undefined ? compileKeys(comparison, field.of) : compileEntry(comparison, field.of, key);
    case 'enum':
      return compileEnum(comparison, field);
    case 'bool':
      return compileBool(comparison, field.of);
    case 'timestamp':
      // The canonical form has a fixed width, so texts order as times do, to the nanosecond.
      return compileOrdered(
        comparison,
        (text) => canonicalTimestamp(text),
        (item) => canonicalTimestamp(field.of(item) ?? ''),
        'a time as in RFC 3339, such as "2026-01-31T12:00:00Z"',
      );
    case 'duration':
      return compileOrdered(
        comparison,
        parseDuration,
        (item) => parseDuration(field.of(item) ?? ''),
        'seconds with an s, such as 3600s or 1.5s',
      );
    case 'int': {
      const readInteger = (item: Item): bigint | undefined => parseInteger(String(field.of(item) ?? 0));
      const ordered = compileOrdered(comparison, parseInteger, readInteger, 'a whole number');
      const isPresence = comparison.comparator === ':' && comparison.value === '*';
      return isPresence ? (item) => readInteger(item) !== 0n : ordered;
    }
  }
}

/** `=` and `!=` take `*` in the value; `:` finds the value anywhere, whatever the case; the others order texts by code unit. */
function compileText<Item>(comparison: Comparison, read: (item: Item) => string): Predicate<Item> {
  const { comparator, value } = comparison;
  if (comparator === ':') {
    if (value === '*') return (item) => read(item) !== '';
    const contains = wildcardTest(value, { ignoreCase: true, anywhere: true });
    return (item) => contains(read(item));
  }
  const equals = wildcardTest(value);
  if (comparator === '=') return (item) => equals(read(item));
  if (comparator === '!=') return (item) => !equals(read(item));
  return (item) => inOrder(comparator, read(item), value);
}

type ReadMap<Item> = (item: Item) => Readonly<Record<string, string>> | undefined;

/** `labels:env`: the map has the key; `labels:*`: it has any. */
function compileKeys<Item>(comparison: Comparison, read: ReadMap<Item>): Predicate<Item> {
  requireComparator(comparison, 'a map', has);
  const matches = wildcardTest(comparison.value);
  return (item) => Object.keys(read(item) ?? {}).some(matches);
}

/** `labels.env:*`: the map has the key. An absent entry equals nothing, not even ''. */
function compileEntry<Item>(comparison: Comparison, read: ReadMap<Item>, key: string): Predicate<Item> {
  const { comparator, value } = comparison;
  const entry = (item: Item): string | undefined => {
    const map = read(item);
    return map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
  };
  const equals = wildcardTest(value);
  const isEqual = (item: Item): boolean => {
    const text = entry(item);
    return text !== undefined && equals(text);
  };
  if (comparator === '=' || comparator === ':') return isEqual;
  if (comparator === '!=') return (item) => !isEqual(item);
  return (item) => {
    const text = entry(item);
    return text !== undefined && inOrder(comparator, text, value);
  };
}

function compileEnum<Item>(comparison: Comparison, field: EnumField<Item>): Predicate<Item> {
  const { comparator, value } = comparison;
  const { names, of } = field;
  requireComparator(comparison, 'an enum', equality);
  if (comparator === ':' && value === '*') return (item) => (of(item) ?? names[0]) !== names[0];
  const name = names.find((candidate) => candidate === value.toUpperCase());
  if (name === undefined) throw wrongValue(comparison, names.join(', '));
  const isEqual = (item: Item): boolean => (of(item) ?? names[0]) === name;
  return comparator === '!=' ? (item) => !isEqual(item) : isEqual;
}

function compileBool<Item>(comparison: Comparison, of: (item: Item) => boolean | undefined): Predicate<Item> {
  const { comparator, value } = comparison;
  requireComparator(comparison, 'a bool', equality);
  const isPresence = comparator === ':' && value === '*';
  const wanted = isPresence ? 'true' : value.toLowerCase();
  if (wanted !== 'true' && wanted !== 'false') throw wrongValue(comparison, 'true, false');
  const whenTrue = (wanted === 'true') !== (comparator === '!=');
  return (item) => (of(item) ?? false) === whenTrue;
}

/** Compares what has an order. An item without the field matches `!=` alone. */
function compileOrdered<Item, Value extends string | number | bigint>(
  comparison: Comparison,
  parse: (text: string) => Value | undefined,
  read: (item: Item) => Value | undefined,
  allowed: string,
): Predicate<Item> {
  const { comparator, value } = comparison;
  if (comparator === ':' && value === '*') return (item) => read(item) !== undefined;
  const wanted = parse(value);
  if (wanted === undefined) throw wrongValue(comparison, allowed);
  return (item) => {
    const actual = read(item);
    return actual === undefined ? comparator === '!=' : inOrder(comparator, actual, wanted);
  };
}

function inOrder<Value extends string | number | bigint>(
  comparator: Comparator,
  left: Value,
  right: Value,
): boolean {
  switch (comparator) {
    case '=':
    case ':':
      return left === right;
    case '!=':
      return left !== right;
    case '<':
      return left < right;
    case '<=':
      return left <= right;
    case '>':
      return left > right;
    case '>=':
      return left >= right;
  }
}

function parseDuration(text: string): number | undefined {
  return canonicalDuration(text) === undefined ? undefined : durationMs(text);
}

function parseInteger(text: string): bigint | undefined {
  return /^-?\d{1,19}$/.test(text) ? BigInt(text) : undefined;
}

function requireComparator(comparison: Comparison, kind: string, allowed: readonly Comparator[]): void {
  const { path, comparator, at } = comparison;
  if (allowed.includes(comparator)) return;
  throw meaningError(at, `${path.join('.')} is ${kind}, which cannot take ${comparator}`, allowed.join(' '));
}

function wrongValue({ path, value, valueAt }: Comparison, allowed: string): Error {
  return meaningError(valueAt, `${shown(value)} is no value of ${path.join('.')}`, allowed);
}
