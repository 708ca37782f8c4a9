/** Launches that were asked for together: those of a group's seats, or of one seat again. */
interface Batch {
  readonly name: string;
  /** Place of its first launch among all that the job has asked for, from 0. */
  readonly first: number;
  readonly count: number;
  /** When it was asked for, epoch milliseconds. */
  readonly since: number;
}

interface JobLaunches {
  readonly uid: string;
  /** Launches whose time has come. */
  readonly due: number;
  readonly asked: number;
  readonly batches: readonly Batch[];
}

/**
 * Who may start a node when: one record for each capacity provider of an account, written once for each group of seats
 * that asks. It holds where matters stood at one moment; what comes after follows from it, until another one asks. So each
 * launch has one moment at any time, and a moment that has passed is never given to another.
 */
export interface LaunchLedger {
  /** The moment, epoch milliseconds. */
  readonly asOf: number;
  /** Until when the rate is used up: so much above `asOf` as launches have been made ahead of it. */
  readonly usedUntil: number;
  /** Jobs with launches to come, in the order of their turns. */
  readonly jobs: readonly JobLaunches[];
}

/** Launches at once and then every second, in one account and region, of on-demand and of Spot tasks each (Fargate's quotas). */
export interface LaunchRate {
  readonly burst: number;
  readonly aSecond: number;
}

export const FARGATE_RATE: LaunchRate = { burst: 100, aSecond: 20 };

export const noLaunches: LaunchLedger = { asOf: 0, usedUntil: 0, jobs: [] };

/** Asks for launches from now on; what was asked for under that name before stays as it is. */
export function askForLaunches(
  before: LaunchLedger,
  { uid, name, count }: { uid: string; name: string; count: number },
  now: number,
  rate = FARGATE_RATE,
): LaunchLedger {
  const ledger = untilThen(before, Math.max(now, before.asOf), rate);
  const own = ledger.jobs.find((job) => job.uid === uid);
  if (count === 0 || own?.batches.some((batch) => batch.name === name)) return ledger;
  const asked = own?.asked ?? 0;
  const job: JobLaunches = {
    uid,
    due: own?.due ?? 0,
    asked: asked + count,
    batches: [...(own?.batches ?? []), { name, first: asked, count, since: ledger.asOf }],
  };
  const jobs =
    own === undefined ? [...ledger.jobs, job] : ledger.jobs.map((other) => (other === own ? job : other));
  return { ...ledger, jobs };
}

/**
 * When each launch of a batch may be made, epoch milliseconds; those whose time has come have the ledger's own moment. What
 * the ledger does not know (any more) may be made at once: an empty list.
 */
export function launchTimes(ledger: LaunchLedger, uid: string, name: string, rate = FARGATE_RATE): number[] {
  const batch = ledger.jobs.find((job) => job.uid === uid)?.batches.find((one) => one.name === name);
  if (batch === undefined) return [];
  const times = Array.from({ length: batch.count }, () => ledger.asOf);
  const last = batch.first + batch.count - 1;
  for (const turn of turnsOf(ledger, rate)) {
    if (turn.uid !== uid) continue;
    if (turn.place >= batch.first) times[turn.place - batch.first] = turn.at;
    if (turn.place >= last) break;
  }
  return times;
}

/** How long a launch is still to wait, in milliseconds, by the ledger as it is now; 0 when it may be made. */
export function launchWait(
  ledger: LaunchLedger,
  { uid, name, at }: { uid: string; name: string; at: number },
  now: number,
  rate = FARGATE_RATE,
): number {
  const batch = ledger.jobs.find((job) => job.uid === uid)?.batches.find((one) => one.name === name);
  const left = (launchTimes(ledger, uid, name, rate)[at] ?? now) - now;
  if (batch === undefined || left <= 0) return 0;
  // Jobs that come meanwhile put it off again and again, and each time it is asked again: the longer it has waited, the
  // longer the next wait is at least, so that there are a few hundred of them at most.
  return Math.max(left, (now - batch.since) / WAITED_PART);
}

export const WAITED_PART = 16;

/** The ledger as it stands at a later moment: launches whose time has come are gone from it. */
function untilThen(ledger: LaunchLedger, then: number, rate: LaunchRate): LaunchLedger {
  const due = new Map<string, number>();
  let usedUntil = ledger.usedUntil;
  let last: string | undefined;
  for (const turn of turnsOf(ledger, rate)) {
    if (turn.at > then) break;
    due.set(turn.uid, turn.place + 1);
    usedUntil = turn.usedUntil;
    last = turn.uid;
  }
  const jobs = ledger.jobs
    .map((job) => ({ ...job, due: due.get(job.uid) ?? job.due }))
    .map((job) => ({ ...job, batches: job.batches.filter(({ first, count }) => first + count > job.due) }));
  // The turns go on behind the job that had the last one.
  const behind = jobs.findIndex(({ uid }) => uid === last) + 1;
  const left = [...jobs.slice(behind), ...jobs.slice(0, behind)].filter((job) => job.due < job.asked);
  return { asOf: then, usedUntil, jobs: left };
}

interface Turn {
  readonly uid: string;
  readonly place: number;
  readonly at: number;
  readonly usedUntil: number;
}

/** All launches to come, if nobody else asks: the jobs take turns, as fast as the rate allows. */
function* turnsOf(ledger: LaunchLedger, { burst, aSecond }: LaunchRate): Generator<Turn> {
  const interval = 1000 / aSecond;
  let { usedUntil } = ledger;
  let jobs = ledger.jobs.map(({ uid, due, asked }) => ({ uid, next: due, asked }));
  while (jobs.length > 0) {
    for (const job of jobs) {
      const at = Math.max(ledger.asOf, usedUntil - (burst - 1) * interval);
      usedUntil = Math.max(usedUntil, at) + interval;
      yield { uid: job.uid, place: job.next, at, usedUntil };
      job.next += 1;
    }
    jobs = jobs.filter(({ next, asked }) => next < asked);
  }
}
