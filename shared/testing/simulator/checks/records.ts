import type { Job } from '../../../contract/job.ts';
import type { GroupRecord } from '../../../core/group/group-record.ts';
import type { JobHead } from '../../../core/job/job-record.ts';
import { type SpecRecord, wholeSpec } from '../../../core/job/job-spec.ts';
import type { OperationRecord } from '../../../core/operation-record.ts';
import type { SeatRecord } from '../../../core/seat/seat-record.ts';
import type { TaskRecord } from '../../../core/task/task-record.ts';
import type { Write } from '../../../ports/store.ts';

/** What one write of a commit did to one record. */
export type Written = { readonly version: number } & (
  | Of<'job', JobHead>
  | Of<'group', GroupRecord>
  | Of<'seat', SeatRecord>
  | Of<'task', TaskRecord>
  | Of<'operation', OperationRecord>
  | Of<'other', unknown>
);

interface Of<Kind extends string, Body> {
  readonly kind: Kind;
  /** `{job uid}/{group id}` for groups, seats and tasks. */
  readonly place: string;
  readonly before: Body | undefined;
  readonly after: Body | undefined;
}

/** All that has been committed, as it is now: a second look at the store that nobody else writes. */
export class Records {
  readonly jobs = new Map<string, JobHead>();
  readonly #specs = new Map<string, SpecRecord>();
  readonly groups = new Map<string, GroupRecord>();
  readonly operations = new Map<string, OperationRecord>();
  readonly #seats = new Map<string, Map<number, SeatRecord>>();
  readonly #tasks = new Map<string, Map<number, TaskRecord>>();
  readonly #others = new Map<string, unknown>();

  /** What a job's client asked for. */
  spec(uid: string): Job {
    const job = this.jobs.get(uid);
    return wholeSpec(job?.spec ?? {}, this.#specs.get(uid) ?? { groups: [] });
  }

  /** Seats of a group, by number. */
  seats(place: string): ReadonlyMap<number, SeatRecord> {
    return inner(this.#seats, place);
  }

  /** Task records of a group, by index. */
  tasks(place: string): ReadonlyMap<number, TaskRecord> {
    return inner(this.#tasks, place);
  }

  /** Takes a commit in and returns what it did. */
  take(writes: readonly Write[]): Written[] {
    return writes.map((write) => this.#takeOne(write));
  }

  /** Names of all records that belong to a job and are no operations. */
  ofJob(uid: string): string[] {
    const jobs = [...(this.jobs.has(uid) ? ['the job'] : []), ...(this.#specs.has(uid) ? ['its spec'] : [])];
    const groups = [...this.groups.keys()].filter((place) => place.startsWith(`${uid}/`));
    const count = (of: Map<string, Map<number, unknown>>, what: string) =>
      [...of].flatMap(([place, found]) =>
        place.startsWith(`${uid}/`) && found.size > 0 ? [`${found.size} ${what} of ${place}`] : [],
      );
    const names = [...this.#others]
      .filter(([key, body]) => key.startsWith('P#') && (body as { uid?: string }).uid === uid)
      .map(([key]) => key);
    return [...jobs, ...groups, ...count(this.#seats, 'seats'), ...count(this.#tasks, 'tasks'), ...names];
  }

  /** Uids that any seat, task or group names. */
  get uids(): Set<string> {
    const places = [
      ...this.groups.keys(),
      ...this.#seats.keys(),
      ...this.#tasks.keys(),
      ...this.#specs.keys(),
    ];
    return new Set([...this.jobs.keys(), ...places.map((place) => place.split('/')[0] ?? '')]);
  }

  #takeSpec(version: number, uid: string, body: SpecRecord | undefined): Written {
    return { kind: 'other', version, place: uid, ...swap(this.#specs, uid, body) };
  }

  #takeOne(write: Write): Written {
    const body = 'remove' in write ? undefined : (JSON.parse(JSON.stringify(write.body)) as unknown);
    const [letter, uid = '', groupId = ''] = write.pk.split('#');
    const version = write.ifVersion + 1;
    if (letter === 'J' && write.sk === 'job') {
      return { kind: 'job', version, place: uid, ...swap(this.jobs, uid, body as JobHead) };
    }
    if (letter === 'J' && write.sk === 'spec')
      return this.#takeSpec(version, uid, body as SpecRecord | undefined);
    if (letter === 'J') {
      const place = `${uid}/${write.sk.slice('group#'.length)}`;
      return { kind: 'group', version, place, ...swap(this.groups, place, body as GroupRecord) };
    }
    const place = `${uid}/${groupId}`;
    if (letter === 'S') {
      const seats = inner(this.#seats, place);
      return { kind: 'seat', version, place, ...swap(seats, Number(write.sk), body as SeatRecord) };
    }
    if (letter === 'T') {
      const tasks = inner(this.#tasks, place);
      return { kind: 'task', version, place, ...swap(tasks, Number(write.sk), body as TaskRecord) };
    }
    const key = `${write.pk}\u0000${write.sk}`;
    if (letter === 'O') {
      return {
        kind: 'operation',
        version,
        place: key,
        ...swap(this.operations, key, body as OperationRecord),
      };
    }
    return { kind: 'other', version, place: key, ...swap(this.#others, key, body) };
  }
}

function swap<Name, Body>(
  map: Map<Name, Body>,
  name: Name,
  after: Body | undefined,
): { before: Body | undefined; after: Body | undefined } {
  const before = map.get(name);
  if (after === undefined) map.delete(name);
  else map.set(name, after);
  return { before, after };
}

function inner<Body>(of: Map<string, Map<number, Body>>, place: string): Map<number, Body> {
  const found = of.get(place) ?? new Map<number, Body>();
  of.set(place, found);
  return found;
}
