import type { Problems } from '../proto/problems.ts';

/** Refuses a number outside of min to max; absent is fine. int64 values come as decimal strings. */
export function checkRange(
  problems: Problems,
  field: string,
  value: string | number | undefined,
  { min, max }: { min: number; max: number },
): void {
  if (value === undefined) return;
  const number = Number(value);
  if (number >= min && number <= max) return;
  problems.at(field, () => problems.refuse(value, `from ${min} to ${max}`));
}

/** Refuses a negative number; absent is fine, and so is 0, which in proto3 cannot be told from absent. */
export function checkNotNegative(problems: Problems, field: string, value: string | undefined): void {
  if (value === undefined || !value.startsWith('-')) return;
  problems.at(field, () => problems.refuse(value, 'positive'));
}

/** True for a proto3 number that was not set: absent or 0. */
export function isUnset(value: string | number | undefined): boolean {
  return value === undefined || Number(value) === 0;
}
