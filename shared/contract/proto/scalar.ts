import { canonicalDuration, canonicalTimestamp } from '../time.ts';
import type { Kind } from './kind.ts';

/** A double. Read from a finite JSON number, or such a number in a string. */
export function double(): Kind<number> {
  return {
    descriptor: { type: 'double' },
    read(value, problems) {
      const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
      if (typeof number === 'number' && Number.isFinite(number)) return number;
      problems.refuse(value, 'a finite number');
      return 0;
    },
  };
}

/** `true` or `false`, nothing else. */
export function bool(): Kind<boolean> {
  return {
    descriptor: { type: 'bool' },
    read(value, problems) {
      if (typeof value === 'boolean') return value;
      problems.refuse(value, 'true or false');
      return false;
    },
  };
}

/** A string. */
export function text(): Kind<string> {
  return {
    descriptor: { type: 'text' },
    read(value, problems) {
      if (typeof value === 'string') return value;
      problems.refuse(value, 'a string');
      return '';
    },
  };
}

/** A protobuf Duration. Canonical form: seconds with 0, 3, 6 or 9 fractional digits and an `s`, as `"3.500s"`. */
export function duration(): Kind<string> {
  return {
    descriptor: { type: 'duration' },
    read(value, problems) {
      const canonical = typeof value === 'string' ? canonicalDuration(value) : undefined;
      if (canonical !== undefined) return canonical;
      problems.refuse(value, 'a duration in seconds that ends in "s", such as "3600s" or "3.5s"');
      return '0s';
    },
  };
}

/** A protobuf Timestamp. Canonical form: RFC 3339 in UTC with nine fractional digits. Read with any offset and precision. */
export function timestamp(): Kind<string> {
  return {
    descriptor: { type: 'timestamp' },
    read(value, problems) {
      const canonical = typeof value === 'string' ? canonicalTimestamp(value) : undefined;
      if (canonical !== undefined) return canonical;
      problems.refuse(value, 'an RFC 3339 timestamp such as "2026-11-22T14:00:00Z"');
      return '1970-01-01T00:00:00.000000000Z';
    },
  };
}

/** A JSON object of any content: protobuf's Any, whose `@type` says what it is. */
export function json(): Kind<Record<string, unknown>> {
  return {
    descriptor: { type: 'json' },
    read(value, problems) {
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
        return value as Record<string, unknown>;
      }
      problems.refuse(value, 'a JSON object');
      return {};
    },
  };
}
