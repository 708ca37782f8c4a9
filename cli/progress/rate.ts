/** How many tasks had ended at a moment. */
export interface Sample {
  time: number;
  ended: number;
}

/** Samples older than this say little about now. */
const KEPT_MS = 60_000;
/** The rate of the last seconds is shown when enough ended in them to mean something. */
const RECENT_MS = 5_000;
const ENOUGH_ENDED = 5;

/** The samples with one more, without those that are too old; the newest of the old ones stays, to measure from. */
export function addSample(samples: readonly Sample[], sample: Sample): Sample[] {
  const firstKept = samples.findIndex(({ time }) => time >= sample.time - KEPT_MS);
  return [...(firstKept < 0 ? samples.slice(-1) : samples.slice(Math.max(0, firstKept - 1))), sample];
}

/** Tasks that end in a second: over the last 5 s, or over the last minute when few ended; undefined while none did. */
export function rateOf(samples: readonly Sample[]): number | undefined {
  const last = samples.at(-1);
  const first = samples[0];
  if (last === undefined || first === undefined) return undefined;
  const recent = samples.find(({ time }) => time >= last.time - RECENT_MS) ?? first;
  return between(recent, last, ENOUGH_ENDED) ?? between(first, last, 1);
}

function between(from: Sample, to: Sample, atLeast: number): number | undefined {
  const ended = to.ended - from.ended;
  const seconds = (to.time - from.time) / 1000;
  return ended >= atLeast && seconds > 0 ? ended / seconds : undefined;
}

/** A rate for people: `123 tasks/s`, `2.5 tasks/s`, `12 tasks/min`. */
export function formatRate(perSecond: number): string {
  if (perSecond >= 10) return `${Math.round(perSecond)} tasks/s`;
  if (perSecond >= 1) return `${perSecond.toFixed(1)} tasks/s`;
  const perMinute = perSecond * 60;
  return `${perMinute >= 10 ? Math.round(perMinute) : perMinute.toFixed(1)} tasks/min`;
}
