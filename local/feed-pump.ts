import type { Change, Store } from '../shared/ports/store.ts';

const BATCH = 500;

/**
 * Hands the store's changes to their consumer, in order and in batches, as a stream's event source would on AWS. A
 * batch is forgotten only when the consumer is through with it, so a crash repeats it and loses nothing.
 */
export class FeedPump {
  readonly #store: Store;
  readonly #consume: (changes: readonly Change[]) => Promise<void>;
  readonly #log: (line: string) => void;
  #running: Promise<void> | undefined;
  #again = false;
  #stopped = false;

  constructor(
    store: Store,
    consume: (changes: readonly Change[]) => Promise<void>,
    log: (line: string) => void,
  ) {
    this.#store = store;
    this.#consume = consume;
    this.#log = log;
  }

  /** Says that there may be changes. Returns at once. */
  wake(): void {
    this.#again = true;
    if (this.#stopped) return;
    this.#running ??= this.#drain().finally(() => {
      this.#running = undefined;
      if (this.#again) this.wake();
    });
  }

  /** Stops after the batch that is under way. */
  async stop(): Promise<void> {
    this.#stopped = true;
    await this.#running;
  }

  async #drain(): Promise<void> {
    while (this.#again && !this.#stopped) {
      this.#again = false;
      const changes = await this.#store.changes(0, BATCH);
      const last = changes.at(-1);
      if (last === undefined) continue;
      // Whoever called `wake` meanwhile is not forgotten.
      this.#again ||= changes.length === BATCH;
      try {
        await this.#consume(changes);
        await this.#store.forgetChanges(last.seq);
      } catch (error) {
        this.#log(`a batch of changes up to ${last.seq} failed and will be repeated: ${String(error)}`);
        await new Promise((later) => setTimeout(later, 200));
        this.#again = true;
      }
    }
  }
}
