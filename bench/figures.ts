// Figures as people read them.

export function count(figure: number): string {
  return Math.round(figure).toLocaleString('en-US');
}

export function percent(part: number, whole: number): string {
  return `${Math.round((part / whole) * 100)} %`;
}

export function duration(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(ms < 10_000 ? 2 : 1)} s`;
}

export function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0)} MB`;
}

/** A duration of a task, in thousandths of a millisecond. */
export function microseconds(ms: number): string {
  return `${count(ms * 1000)} µs`;
}
