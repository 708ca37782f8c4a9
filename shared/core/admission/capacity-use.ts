import { type Amounts, isNothing, minus, nothing, plus } from './amounts.ts';

/** Where limits hold: all jobs of the deployment, or those of one project. */
export type Scope = 'deployment' | `project ${string}`;

/** The scopes that a job belongs to. */
export const scopesOf = (project: string): readonly Scope[] => ['deployment', `project ${project}`];

/** Room that is kept for the job that waits longest. */
export interface Reservation {
  readonly uid: string;
  /** When it was made, epoch milliseconds: a job that is passed by one of a higher priority can have another one later. */
  readonly since: number;
  /** What jobs that were admitted past it take. */
  readonly past: Amounts;
}

/**
 * What admitted jobs take, in one small record: it is written when jobs are admitted or end, together with the holds of
 * these jobs, and by nothing else. It is the sum of all holds; the sweep checks that.
 */
export interface CapacityUse {
  readonly used: Readonly<Partial<Record<Scope, Amounts>>>;
  readonly reserved: Readonly<Partial<Record<Scope, Reservation>>>;
}

/** What one admitted job takes, from its admission until nothing of it is left. */
export interface Hold {
  readonly uid: string;
  readonly project: string;
  readonly amounts: Amounts;
  /** The reservations that it was admitted past, by scope, as `reservationId` names them. */
  readonly past?: Readonly<Partial<Record<Scope, string>>>;
}

export const reservationId = ({ uid, since }: Reservation): string => `${uid}@${since}`;

export const unused: CapacityUse = { used: {}, reserved: {} };

export function usedIn(use: CapacityUse, scope: Scope): Amounts {
  return use.used[scope] ?? nothing;
}

/** Capacity with a job more. */
export function take(use: CapacityUse, hold: Hold): CapacityUse {
  return change(use, hold, plus);
}

/** Capacity after a job's end. */
export function release(use: CapacityUse, hold: Hold): CapacityUse {
  return change(use, hold, minus);
}

/** What the holds come to; reservations are kept as they are, their sums made anew. */
export function sumOfHolds(holds: readonly Hold[], reserved: CapacityUse['reserved']): CapacityUse {
  const empty = Object.entries(reserved).map(([scope, reservation]) => [
    scope,
    { ...reservation, past: nothing },
  ]);
  return holds.reduce(take, { used: {}, reserved: Object.fromEntries(empty) });
}

function change(
  use: CapacityUse,
  { project, amounts, past = {} }: Hold,
  how: (a: Amounts, b: Amounts) => Amounts,
): CapacityUse {
  const used = { ...use.used };
  const reserved = { ...use.reserved };
  for (const scope of scopesOf(project)) {
    const now = how(used[scope] ?? nothing, amounts);
    // Projects come and go: the record holds those that have jobs.
    if (isNothing(now)) delete used[scope];
    else used[scope] = now;
    const reservation = reserved[scope];
    if (reservation !== undefined && reservationId(reservation) === past[scope])
      reserved[scope] = { ...reservation, past: how(reservation.past, amounts) };
  }
  return { used, reserved };
}
