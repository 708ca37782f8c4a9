import type { Problems } from './problems.ts';

/** Scalar kinds of protobuf that the API uses, `text` being protobuf's string. */
export type ScalarType =
  | 'int32'
  | 'int64'
  | 'uint64'
  | 'double'
  | 'bool'
  | 'text'
  | 'duration'
  | 'timestamp'
  | 'json';

/** Enum names and their protobuf numbers. */
export type EnumTable = Readonly<Record<string, number>>;

/** What a kind is, for code that walks schemas: the encoder, the zod form, the comparison with the published API. */
export type Descriptor =
  | { readonly type: ScalarType }
  | { readonly type: 'enum'; readonly name: string; readonly table: EnumTable }
  | { readonly type: 'list'; readonly item: Kind<unknown> }
  | { readonly type: 'map'; readonly value: Kind<unknown> }
  | MessageDescriptor;

/** A message: its fields by camelCase name, and which of them exclude each other. */
export interface MessageDescriptor {
  readonly type: 'message';
  readonly name: string;
  readonly fields: Readonly<Record<string, Kind<unknown>>>;
  readonly oneofs: Readonly<Record<string, readonly string[]>>;
}

/** A type of the wire. `T` is its canonical form in memory, which is canonical proto3 JSON. */
export interface Kind<T> {
  readonly descriptor: Descriptor;
  /**
   * Reads any accepted JSON form into the canonical one; returns the very same object when it is canonical already.
   * What is wrong goes to `problems`, and the value returned is then meaningless.
   */
  read(value: unknown, problems: Problems): T;
}

/** The canonical TypeScript type of a kind. */
export type Infer<K> = K extends Kind<infer T> ? T : never;
