import type { Kind, ScalarType } from './kind.ts';
import type { Problems } from './problems.ts';

const MIN_INT64 = -(2n ** 63n);
const MAX_INT64 = 2n ** 63n - 1n;
const MAX_UINT64 = 2n ** 64n - 1n;
const DECIMAL = /^-?\d{1,40}$/;
const CANONICAL = /^(?:0|-?[1-9]\d{0,17})$/;

/** A signed 64-bit integer. Canonical form: a decimal string. Read from such a string or from an integral JSON number. */
export function int64(): Kind<string> {
  return wide('int64', MIN_INT64, MAX_INT64);
}

/** An unsigned 64-bit integer, otherwise as `int64`. */
export function uint64(): Kind<string> {
  return wide('uint64', 0n, MAX_UINT64);
}

/** A signed 32-bit integer. Canonical form: a number. Read from an integral JSON number or a decimal string. */
export function int32(): Kind<number> {
  return {
    descriptor: { type: 'int32' },
    read(value, problems) {
      const number = typeof value === 'string' && DECIMAL.test(value) ? Number(value) : value;
      if (typeof number === 'number' && (number | 0) === number) return number === 0 ? 0 : number;
      problems.refuse(value, 'an integer from -2147483648 to 2147483647');
      return 0;
    },
  };
}

function wide(type: ScalarType, min: bigint, max: bigint): Kind<string> {
  return {
    descriptor: { type },
    read(value, problems) {
      if (typeof value === 'string') {
        if (CANONICAL.test(value) && (min < 0n || value.charCodeAt(0) !== 45)) return value;
        if (DECIMAL.test(value)) return inRange(BigInt(value), value, min, max, problems);
      } else if (typeof value === 'number' && Number.isInteger(value)) {
        if (Number.isSafeInteger(value)) return inRange(BigInt(value), value, min, max, problems);
        problems.refuse(value, 'written as a string when it is beyond 2^53');
        return '0';
      }
      problems.refuse(value, `an integer (${type}) as a decimal string or a number`);
      return '0';
    },
  };
}

function inRange(number: bigint, given: unknown, min: bigint, max: bigint, problems: Problems): string {
  if (number < min || number > max) problems.refuse(given, `from ${min} to ${max}`);
  return String(number);
}
