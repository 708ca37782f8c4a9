/** What is known of a request that went wrong. */
export interface FailedTry {
  /** Tries so far, this one included. */
  tries: number;
  /** Since the first try. */
  elapsedMs: number;
  /** What the service asked for with `Retry-After`. */
  retryAfterMs?: number | undefined;
  /** A number in [0, 1). */
  random: number;
}

const FIRST_DELAY_MS = 100;
const LONGEST_DELAY_MS = 2_000;

/**
 * How long to wait before the next try, or undefined to give up: the wait doubles from 100 ms to 2 s, half of it by chance, as
 * long as all tries fit into `budgetMs`.
 */
export function retryDelayMs(failed: FailedTry, budgetMs: number): number | undefined {
  const full = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failed.tries - 1));
  const delay = Math.max(failed.retryAfterMs ?? 0, full * (0.5 + failed.random / 2));
  return failed.elapsedMs + delay > budgetMs ? undefined : delay;
}

/** HTTP statuses after which the same request may go through: too many requests, and a service that is not there now. */
export function isPassing(httpStatus: number): boolean {
  return httpStatus === 429 || httpStatus === 502 || httpStatus === 503 || httpStatus === 504;
}

/** Milliseconds that a `Retry-After` header asks for; dates are not used by services that count in seconds. */
export function retryAfterMs(header: string | null): number | undefined {
  return header !== null && /^\d+$/.test(header) ? Number(header) * 1000 : undefined;
}
