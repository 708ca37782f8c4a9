import { meaningError, shown } from './filter-error.ts';

/**
 * A field that a filter can name: its kind and where an item has it. What is absent counts as in proto3: a text is '', an
 * int 0, a bool false, an enum its first name; a timestamp or duration is unset.
 */
export type FilterField<Item> =
  | { readonly kind: 'text'; readonly of: (item: Item) => string | undefined }
  /** Several texts, of which one has to match. */
  | { readonly kind: 'texts'; readonly of: (item: Item) => readonly string[] | undefined }
  /** Texts by key: `labels.env = "test"`, `labels:env`. */
  | { readonly kind: 'map'; readonly of: (item: Item) => Readonly<Record<string, string>> | undefined }
  | EnumField<Item>
  /** RFC 3339. */
  | { readonly kind: 'timestamp'; readonly of: (item: Item) => string | undefined }
  /** Seconds with an `s`, as in `"3.5s"`. */
  | { readonly kind: 'duration'; readonly of: (item: Item) => string | undefined }
  /** An int64, which JSON may carry as a string. */
  | { readonly kind: 'int'; readonly of: (item: Item) => number | bigint | string | undefined }
  | { readonly kind: 'bool'; readonly of: (item: Item) => boolean | undefined };

/** A field whose value is one of the names, the first of which stands for absence. */
export interface EnumField<Item> {
  readonly kind: 'enum';
  readonly names: readonly string[];
  readonly of: (item: Item) => string | undefined;
}

/** The fields that a filter can name, by path, as in `status.state`. An alias is a second path of the same object. */
export type FilterFields<Item> = Readonly<Record<string, FilterField<Item>>>;

/** What a path means: a field, and for one entry of a map its key. */
export interface FoundField<Item> {
  readonly field: FilterField<Item>;
  readonly key: string | undefined;
}

/** Finds what a path means, or undefined. `create_time`, `createTime` and `CreateTime` are the same; keys of maps are exact. */
export function findField<Item>(
  fields: FilterFields<Item>,
  path: readonly string[],
): FoundField<Item> | undefined {
  const wanted = path.map(sameSpelling);
  for (const [name, field] of Object.entries(fields)) {
    const parts = name.split('.').map(sameSpelling);
    if (!parts.every((part, i) => part === wanted[i])) continue;
    if (parts.length === path.length) return { field, key: undefined };
    if (field.kind === 'map') return { field, key: path.slice(parts.length).join('.') };
  }
  return undefined;
}

/** Finds what a path means; INVALID_ARGUMENT with the known fields when it means nothing. */
export function requireField<Item>(
  fields: FilterFields<Item>,
  path: readonly string[],
  at: number,
): FoundField<Item> {
  const found = findField(fields, path);
  if (found !== undefined) return found;
  throw meaningError(at, `unknown field ${shown(path.join('.'))}`, fieldNames(fields));
}

function fieldNames<Item>(fields: FilterFields<Item>): string {
  return Object.entries(fields)
    .map(([name, { kind }]) => (kind === 'map' ? `${name}.KEY` : name))
    .join(', ');
}

function sameSpelling(name: string): string {
  return name.replaceAll('_', '').toLowerCase();
}
