/** A change of one record, as the store's feed has it: who looks only at keys need not read the bodies. */
export interface RecordChange {
  readonly pk: string;
  readonly sk: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

export type ChangeOf = 'job' | 'group' | 'seat' | 'task' | 'other';

/** Whose record it is, by the key (`keys.ts`). */
export function kindOf({ pk, sk }: RecordChange): ChangeOf {
  switch (pk.slice(0, 2)) {
    case 'J#':
      return sk === 'job' ? 'job' : sk.startsWith('group#') ? 'group' : 'other';
    case 'S#':
      return 'seat';
    case 'T#':
      return 'task';
    default:
      return 'other';
  }
}

/** The job that a record of a job, group, seat or task belongs to. */
export function jobUidOf({ pk }: RecordChange): string {
  const end = pk.indexOf('#', 2);
  return end < 0 ? pk.slice(2) : pk.slice(2, end);
}

/** The group of a seat's or a task's key. */
export function groupIdOfKey({ pk }: RecordChange): string {
  return pk.slice(pk.indexOf('#', 2) + 1, pk.lastIndexOf('#'));
}
