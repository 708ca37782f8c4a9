/** The middle of some figures, or the mean of the two in the middle; undefined of none. */
export function median(figures: readonly number[]): number | undefined {
  const sorted = figures.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  return upper === undefined || lower === undefined ? undefined : (lower + upper) / 2;
}

/** `median` of those figures that there are. */
export function medianOfKnown(figures: readonly (number | undefined)[]): number | undefined {
  return median(figures.filter((figure) => figure !== undefined));
}
