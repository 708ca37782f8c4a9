import type { ReportAgentStateResponse } from '../../contract/report.ts';
import type { GroupRecord } from '../../core/group/group-record.ts';
import { capacityKey } from '../../core/keys.ts';
import type { SeatRecord } from '../../core/seat/seat-record.ts';
import type { Store, Write } from '../../ports/store.ts';

/** Deliberate mistakes, to see that the checks find them. */
export interface Sabotage {
  /** Changes a seat on its way into the store. */
  readonly seat?: (seat: SeatRecord) => void;
  /** Changes a group on its way into the store. */
  readonly group?: (group: GroupRecord) => void;
  /** Changes what admission keeps of what jobs take, on its way into the store. */
  readonly capacity?: (use: { used: object }) => void;
  /** Changes an answer on its way to an agent. */
  readonly answer?: (answer: ReportAgentStateResponse) => void;
  /** Forgets changes before anybody has seen them. */
  readonly hidesChanges?: boolean;
}

/** The store with the mistakes of a sabotage. */
export function sabotagedStore(store: Store, { seat, group, capacity, hidesChanges }: Sabotage): Store {
  const spoil = (write: Write): void => {
    if ('remove' in write) return;
    if (write.pk.startsWith('S#')) seat?.(write.body as SeatRecord);
    else if (write.sk.startsWith('group#')) group?.(write.body as GroupRecord);
    else if (write.pk === capacityKey.pk) capacity?.(write.body as { used: object });
  };
  return {
    ...store,
    commit: (writes) => {
      const spoiled = structuredClone(writes);
      spoiled.forEach(spoil);
      return store.commit(spoiled);
    },
    changes: async (after, limit) => (hidesChanges ? [] : store.changes(after, limit)),
  };
}
