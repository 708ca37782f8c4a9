import { compileComparison, type Predicate } from './comparison.ts';
import { shown, syntaxError } from './filter-error.ts';
import { type FilterField, type FilterFields, findField, requireField } from './filter-fields.ts';
import { type Filter, parseFilter, type SearchWord } from './filter-syntax.ts';
import { wildcardTest } from './wildcard.ts';

/**
 * Turns a filter, as text or parsed, into a predicate over items with the given fields.
 * Throws INVALID_ARGUMENT when it does not parse, names an unknown field, or compares a field with what its kind does not allow;
 * the predicate itself never throws.
 */
export function compileFilter<Item>(filter: string | Filter, fields: FilterFields<Item>): Predicate<Item> {
  return compile(typeof filter === 'string' ? parseFilter(filter) : filter, fields);
}

function compile<Item>(filter: Filter, fields: FilterFields<Item>): Predicate<Item> {
  switch (filter.kind) {
    case 'and': {
      const parts = filter.parts.map((part) => compile(part, fields));
      return (item) => parts.every((matches) => matches(item));
    }
    case 'or': {
      const parts = filter.parts.map((part) => compile(part, fields));
      return (item) => parts.some((matches) => matches(item));
    }
    case 'not': {
      const matches = compile(filter.part, fields);
      return (item) => !matches(item);
    }
    case 'comparison':
      return compileComparison(requireField(fields, filter.path, filter.at), filter);
    case 'word':
      return compileSearch(filter, fields);
  }
}

/**
 * A text that stands alone is looked for, whatever the case, in every text and in the values of every map.
 * A field's name that stands alone is refused: its writer forgot the comparator.
 */
function compileSearch<Item>(word: SearchWord, fields: FilterFields<Item>): Predicate<Item> {
  const isField = !word.quoted && findField(fields, word.text.split('.')) !== undefined;
  if (isField) {
    throw syntaxError(
      word.at,
      `${shown(word.text)} alone`,
      'a comparator (= != < <= > >= :) and a value after it',
    );
  }
  const contains = wildcardTest(word.text, { ignoreCase: true, anywhere: true });
  const searched = [...new Set(Object.values(fields))];
  return (item) => searched.some((field) => textsOf(field, item).some(contains));
}

function textsOf<Item>(field: FilterField<Item>, item: Item): readonly string[] {
  switch (field.kind) {
    case 'text':
      return [field.of(item) ?? ''];
    case 'texts':
      return field.of(item) ?? [];
    case 'map':
      return Object.values(field.of(item) ?? {});
    default:
      return [];
  }
}
