import { invalidArgument } from '../error.ts';
import type { Kind } from './kind.ts';
import { Problems } from './problems.ts';

/**
 * Reads JSON (as JSON.parse gives it) into the canonical form of a kind.
 *
 * Throws an INVALID_ARGUMENT `ApiError` with one violation for each problem found, not only the first. Paths in them
 * start with `rootPath`, which is empty for a request's body. The result may be, or share parts with, `value`: it is not
 * copied where it is canonical already.
 */
export function readMessage<T>(schema: Kind<T>, value: unknown, rootPath = ''): T {
  const problems = new Problems(rootPath);
  const result = schema.read(value, problems);
  if (problems.violations.length > 0) throw invalidArgument(problems.violations);
  return result;
}
