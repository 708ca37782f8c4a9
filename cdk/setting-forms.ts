import * as z from 'zod';

// Settings come as text from a command line, as JSON from cdk.json and as values from props: each form reads all three.
// Its description says what is allowed, for the error and for the table in the documentation.

/** `true` or `false`. */
export const flag = z
  .union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')])
  .describe('`true` or `false`');

/** A whole number within a range. */
export function count(min: number, max: number) {
  return z
    .preprocess(numberOf, z.number().int().min(min).max(max))
    .describe(`a whole number from ${min.toLocaleString('en')} to ${max.toLocaleString('en')}`);
}

/** One of a few numbers. */
export function oneOf<const Numbers extends readonly number[]>(numbers: Numbers) {
  return z.preprocess(numberOf, z.literal(numbers)).describe(`one of ${numbers.join(', ')}`);
}

/** Text of a form, which is told in words. */
export function text(pattern: RegExp, form: string) {
  return z.string().regex(pattern).describe(form);
}

/** A list: JSON, or text with commas between. */
export function list(pattern: RegExp, form: string) {
  return z
    .preprocess(
      (given) => (typeof given === 'string' ? parts(given) : given),
      z.array(z.string().regex(pattern)),
    )
    .describe(`${form}; several with commas between`);
}

/** Names and what they stand for: JSON, or text `name=value` with commas between. */
export function table(name: RegExp, value: RegExp, form: string) {
  return z
    .preprocess(
      (given) => (typeof given === 'string' ? Object.fromEntries(parts(given).map(pair)) : given),
      z.record(z.string().regex(name), z.string().regex(value)),
    )
    .describe(`${form}; several with commas between`);
}

function numberOf(given: unknown): unknown {
  return typeof given === 'string' && /^\d+$/.test(given) ? Number(given) : given;
}

function parts(given: string): string[] {
  return given
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

function pair(part: string): [name: string, value: string] {
  const at = part.indexOf('=');
  return at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 1)];
}
