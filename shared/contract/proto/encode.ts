import type { Kind } from './kind.ts';

/** How a client wants its answer. */
export interface EncodeOptions {
  /** Enums as protobuf numbers (`$alt=json;enum-encoding=int`) instead of names. Default false. */
  enumsAsNumbers?: boolean;
}

/**
 * The JSON to send for a canonical value: only fields that the message declares, without absent ones.
 * The value is trusted to be canonical; it came from `readMessage` or from typed code.
 */
export function encodeMessage<T>(schema: Kind<T>, value: T, options: EncodeOptions = {}): unknown {
  return encode(schema, value, options.enumsAsNumbers === true);
}

function encode(kind: Kind<unknown>, value: unknown, numbers: boolean): unknown {
  const { descriptor } = kind;
  switch (descriptor.type) {
    case 'message': {
      const result: Record<string, unknown> = {};
      for (const name in value as object) {
        const field = Object.hasOwn(descriptor.fields, name) ? descriptor.fields[name] : undefined;
        const member = (value as Record<string, unknown>)[name];
        if (field !== undefined && member !== undefined) result[name] = encode(field, member, numbers);
      }
      return result;
    }
    case 'list':
      return (value as unknown[]).map((item) => encode(descriptor.item, item, numbers));
    case 'map':
      return Object.fromEntries(
        Object.entries(value as object).map(([name, item]) => [
          name,
          encode(descriptor.value, item, numbers),
        ]),
      );
    case 'enum':
      return numbers ? descriptor.table[value as string] : value;
    default:
      return value;
  }
}
