/** Milliseconds since 1970 with fractions, on the clock that event times and file times are of. */
export function wallClockMs(): number {
  return performance.timeOrigin + performance.now();
}
