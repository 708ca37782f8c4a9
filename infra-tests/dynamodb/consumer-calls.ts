import { type WantedChanges, wantedChanges } from '../../functions/lambda/wanted-changes.ts';
import type { Change, Store, Write } from '../../shared/ports/store.ts';

type Consumer = keyof typeof wantedChanges;
type Signalled = Change & { readonly signal: string | undefined };

/** How many changes of one shard a consumer takes side by side, as the stack has it. */
const LANES: Readonly<Record<Consumer, number>> = { 'advance-jobs': 4, 'publish-events': 1 };

/** Delivers a store's changes as the table's stream does: filtered by their signals, and gathered for a while. */
export class ConsumerCalls {
  readonly calls: Record<Consumer, number> = { 'advance-jobs': 0, 'publish-events': 0 };
  readonly delivered: Record<Consumer, number> = { 'advance-jobs': 0, 'publish-events': 0 };
  readonly store: Store;
  /** Signals of the writes of each item that the feed has not given yet. */
  readonly #signals = new Map<string, (string | undefined)[]>();

  constructor(inner: Store) {
    this.store = {
      ...inner,
      commit: async (writes) => {
        await inner.commit(writes);
        for (const write of writes) this.#note(write);
      },
    };
  }

  /** All changes since the last call, which are those of one window: who is called for what. */
  async window(): Promise<Record<Consumer, Change[][]>> {
    const changes: Signalled[] = [];
    for (;;) {
      const some = await this.store.changes(0, 1000);
      const last = some.at(-1);
      if (last === undefined) break;
      changes.push(...some.map((change) => ({ ...take(change), signal: this.#signalOf(change) })));
      await this.store.forgetChanges(last.seq);
    }
    return {
      'advance-jobs': this.#batches('advance-jobs', changes),
      'publish-events': this.#batches('publish-events', changes),
    };
  }

  #batches(consumer: Consumer, changes: readonly Signalled[]): Change[][] {
    const lanes: Change[][] = Array.from({ length: LANES[consumer] }, () => []);
    for (const change of changes)
      if (wantedChanges[consumer].some((wanted) => isWanted(wanted, change)))
        lanes[hash(change.pk + change.sk) % lanes.length]?.push(change);
    const batches = lanes.filter((lane) => lane.length > 0);
    this.calls[consumer] += batches.length;
    this.delivered[consumer] += batches.flat().length;
    return batches;
  }

  #note(write: Write): void {
    const name = `${write.pk} ${write.sk}`;
    const signals = this.#signals.get(name) ?? [];
    signals.push('remove' in write ? undefined : write.signal);
    this.#signals.set(name, signals);
  }

  #signalOf({ pk, sk }: Change): string | undefined {
    return this.#signals.get(`${pk} ${sk}`)?.shift();
  }
}

/** Bodies may be read lazily from a store that forgets them. */
function take({ seq, pk, sk, before, after }: Change): Change {
  return {
    seq,
    pk,
    sk,
    ...(before === undefined ? {} : { before }),
    ...(after === undefined ? {} : { after }),
  };
}

function isWanted({ partition, signals }: WantedChanges, { pk, signal }: Signalled): boolean {
  return pk.startsWith(partition) && (signals === undefined || signals.some((one) => one === signal));
}

function hash(text: string): number {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + character.charCodeAt(0)) % 1_000_003;
  return sum;
}
