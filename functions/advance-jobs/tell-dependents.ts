import type { JobHead } from '../../shared/core/job/job-record.ts';
import { dependentKey, jobKey, wakeKey } from '../../shared/core/keys.ts';
import type { Clock } from '../../shared/ports/clock.ts';
import { removal } from '../../shared/ports/removal.ts';
import { ConflictError, type Item, type Store } from '../../shared/ports/store.ts';
import { unlessChanged } from '../../shared/ports/unless-changed.ts';
import { settleDependencies, settleItem } from './settle-dependencies.ts';

interface TellPorts {
  readonly store: Store;
  readonly clock: Clock;
}

/** How far the jobs that wait for one which has ended have been told. It is there until all have been. */
export interface WakeRecord {
  readonly uid: string;
  /** The first key that has not been looked at. */
  readonly from: string;
}

const A_PAGE = 100;
/** Jobs that are told side by side. */
const AT_ONCE = 10;

/**
 * Tells the jobs that wait for one which has ended, or is being deleted: a page of them now. Where there are more, a record
 * says how far it has come, and each change of that record has the next page told. So no step is long, and one that breaks
 * off is repeated from where it began.
 */
export async function tellDependents(ports: TellPorts, ended: JobHead): Promise<void> {
  const from = await tellPage(ports, ended.uid, ended, '');
  if (from === undefined) return;
  const wake: WakeRecord = { uid: ended.uid, from };
  await unlessChanged(ports.store.commit([{ ...wakeKey(ended.uid), body: wake, ifVersion: 0 }]));
}

/** Tells the next page of jobs that wait for one which has ended. */
export async function tellMore(ports: TellPorts, uid: string): Promise<void> {
  const { store } = ports;
  const [wake, head] = await store.getMany<WakeRecord | JobHead>([wakeKey(uid), jobKey(uid)]);
  if (wake === undefined) return;
  const body = wake.body as WakeRecord;
  const from = await tellPage(ports, uid, head?.body as JobHead | undefined, body.from);
  const write = { ...wakeKey(uid), ifVersion: wake.version };
  // Another one has told them meanwhile, and goes on.
  await unlessChanged(
    store.commit([from === undefined ? { ...write, remove: true } : { ...write, body: { uid, from } }]),
  );
}

/** Tells all of them, one page after the other: nobody may be left when the records go by which they are found. */
export async function tellAllDependents(ports: TellPorts, ended: JobHead): Promise<void> {
  for (let from: string | undefined = ''; from !== undefined; )
    from = await tellPage(ports, ended.uid, ended, from);
  const wake = await ports.store.get(wakeKey(ended.uid));
  if (wake === undefined) return;
  await unlessChanged(ports.store.commit([removal(wake)]));
}

/** Returns where the next page begins; undefined when there is none. */
async function tellPage(
  ports: TellPorts,
  uid: string,
  ended: JobHead | undefined,
  from: string,
): Promise<string | undefined> {
  const { store } = ports;
  const page = await store.query({ pk: dependentKey(uid, '').pk, from, limit: A_PAGE });
  const heads = await store.getMany<JobHead>(page.map(({ sk }) => jobKey(sk)));
  const waiting = heads.filter(
    (head): head is Item<JobHead> => head !== undefined && waitsFor(head.body, uid),
  );
  for (let at = 0; at < waiting.length; at += AT_ONCE) {
    await Promise.all(
      waiting.slice(at, at + AT_ONCE).map((head) =>
        settleItem(ports, head, ended).catch((error: unknown) => {
          if (!(error instanceof ConflictError)) throw error;
          return settleDependencies(ports, head.body.uid);
        }),
      ),
    );
  }
  const last = page.at(-1);
  // The smallest key after the last one.
  return last === undefined || page.length < A_PAGE ? undefined : `${last.sk}\u0000`;
}

function waitsFor({ state, dependencies = [] }: JobHead, uid: string): boolean {
  return state === 'QUEUED' && dependencies.some((one) => one.uid === uid && one.verdict === undefined);
}
